// A curve over the steps of a training, drawn small.

import { el, svg } from "./dom.js";
import { count, score } from "./figures.js";

const WIDTH = 320;
const HEIGHT = 96;
const LEFT = 34;
const BELOW = 16;

/**
 * Return a picture of `column` over the steps, with words for who cannot see it; null where there are no two points.
 * @param {Array<Object>} history
 */
export function curve(history, column, title) {
  const points = history.filter((row) => typeof row[column] === "number");
  if (points.length < 2) return null;
  const values = points.map((row) => row[column]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [first, last] = [points[0].step, points.at(-1).step];
  const x = (step) => LEFT + ((WIDTH - LEFT - 6) * (step - first)) / (last - first || 1);
  const y = (value) => 8 + ((HEIGHT - BELOW - 16) * (high - value)) / (high - low || 1);
  const path = points.map((row) => `${x(row.step).toFixed(1)},${y(row[column]).toFixed(1)}`).join(" ");
  const label = `${title} from ${score(values[0])} at step ${count(first)} to ${score(values.at(-1))} at step ${count(last)}`;
  const text = (px, py, words, anchor) => svg("text", { x: px, y: py, "text-anchor": anchor }, words);
  const drawn = [
    svg("line", { x1: LEFT, x2: WIDTH - 6, y1: HEIGHT - BELOW, y2: HEIGHT - BELOW, class: "axis" }),
    svg("polyline", { points: path, class: "line" }),
    svg("circle", { cx: x(last), cy: y(values.at(-1)), r: 3, class: "dot" }),
    text(LEFT - 6, y(high) + 4, score(high), "end"),
    high > low ? text(LEFT - 6, y(low) + 4, score(low), "end") : null,
    text(LEFT, HEIGHT - 2, count(first), "start"),
    text(WIDTH - 6, HEIGHT - 2, `step ${count(last)}`, "end"),
  ];
  return el("figure", { class: "curve" },
    el("figcaption", { class: "quiet" }, title),
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, ...drawn));
}
