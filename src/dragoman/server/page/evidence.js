// What speaks for a translation: other translations, like pairs of the training data, like corrections, attention.

import { post } from "./api.js";
import { byId, el, show } from "./dom.js";
import { percent } from "./figures.js";
import { directionOf } from "./languages.js";

/** Show other translations; `take` is called with the one that is chosen. */
export function showOthers(alternatives, text, trg, take) {
  const others = [...new Set(alternatives.map((one) => one.text))].filter((one) => one !== text);
  show(byId("others"), others.length > 0);
  const item = (other) => el("li", {}, el("button", {
    type: "button", class: "other", lang: trg, dir: directionOf(trg), onclick: () => take(other),
    title: "Take this one as your correction",
  }, other));
  byId("others").querySelector("ul").replaceChildren(...others.map(item));
}

/** Ask for pairs and corrections like `text`, and show them. */
export async function showLikes({ src, trg, text }, hasMemory, signal) {
  const asked = { src, trg, text, n: 3 };
  const near = hasMemory ? post("/v1/near", asked, signal).then((told) => told.near) : Promise.resolve([]);
  const nearest = post("/v1/nearest", asked, signal).then((told) => told.pairs);
  const [pairs, corrections] = await Promise.allSettled([nearest, near]);
  if (signal.aborted) return;
  fill("likes", pairs, src, trg, (pair) => [pair.src, pair.trg, pair.origin]);
  fill("corrections", corrections, src, trg, (entry) => [
    entry.source, entry.target, entry.state === "pending" ? "waits for approval" : "",
  ]);
}

/** Show how the words of one sentence looked at those of the text, as a table. */
export function showLooks(words, number) {
  const sentence = words.sentences.find(({ trg: [first, end] }) => first <= number && number < end);
  const { attention, src, trg } = sentence ?? { attention: null };
  show(byId("looks"), attention !== null);
  if (attention === null) return;
  const [columns, rows] = [words.src.slice(...src), words.trg.slice(...trg)];
  const head = el("tr", {}, el("td"), ...columns.map((word) => el("th", { scope: "col", dir: "auto" }, word.text)));
  const body = rows.map((word, row) => el("tr", {},
    el("th", { scope: "row", dir: "auto" }, word.text),
    ...attention[row].map((look) => cell(look)),
  ));
  const told = el("p", { class: "quiet" }, "Each row is a word of the translation; the figures say, in per cent, how much it looked at each word of the text.");
  const table = el("table", { class: "heat" }, el("thead", {}, head), el("tbody", {}, ...body));
  byId("heat").replaceChildren(told, el("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": "Attention" }, table));
}

function cell(look) {
  const made = el("td", {}, String(Math.round(100 * look)));
  made.style.setProperty("--look", `${Math.round(55 * look)}%`);
  return made;
}

function fill(id, asked, src, trg, told) {
  const place = byId(id);
  const found = asked.status === "fulfilled" ? asked.value : [];
  show(place, asked.status === "rejected" ? asked.reason.status !== 404 : found.length > 0);
  const rows = found.map((one) => {
    const [source, target, note] = told(one);
    const quiet = [`${percent(one.likeness)} alike`, note].filter(Boolean).join(" · ");
    return el("div", { class: "pair" },
      el("span", { lang: src, dir: directionOf(src) }, source),
      el("span", { lang: trg, dir: directionOf(trg) }, target),
      el("span", { class: "quiet" }, quiet));
  });
  if (asked.status === "rejected") rows.push(el("p", { class: "quiet" }, asked.reason.message));
  place.querySelector(".pairs").replaceChildren(...rows);
}
