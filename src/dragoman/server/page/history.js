// What was translated here, kept in this browser only, if its user wants that.

import { byId, el } from "./dom.js";
import { inBrowser, read } from "./kept.js";
import { directionOf, nameOf } from "./languages.js";

const PLACE = "dragoman-history";
const OFF = "dragoman-history-off";
const MOST = 100;

const isOn = () => inBrowser.get(OFF) === null;
const past = () => read(inBrowser, PLACE, []);

/** Keep a translation; one that goes on with the text before it takes its place. */
export function remember({ src, trg, source, text }) {
  if (!isOn() || !source.trim()) return;
  const grows = (one) => one.src === src && one.trg === trg && (source.startsWith(one.source) || one.source === source);
  const [last, ...others] = past();
  const kept = last && !grows(last) ? [last, ...others] : others;
  const entries = [{ src, trg, source, text }, ...kept.filter((one) => one.source !== source || one.trg !== trg)];
  if (!inBrowser.set(PLACE, JSON.stringify(entries.slice(0, MOST)))) inBrowser.remove(PLACE); // its room is full
}

/** Return a function that shows the history; `take` is called with the entry that is chosen. */
export function historyView(take) {
  if (!inBrowser.lasts) {
    byId("history-kept").textContent = "Your browser keeps nothing for this page: the history is gone when you close it.";
  }
  const draw = () => {
    byId("keeps").checked = isOn();
    const entries = past();
    byId("forget").disabled = entries.length === 0;
    byId("past").replaceChildren(...(entries.length ? entries.map(item) : [el("li", { class: "quiet" }, isOn() ? "Nothing yet." : "It is switched off.")]));
  };
  const item = (entry) => el("li", {}, el("button", { type: "button", class: "entry", onclick: () => take(entry) },
    el("span", { class: "quiet" }, `${nameOf(entry.src)} → ${nameOf(entry.trg)}`),
    el("span", { lang: entry.src, dir: directionOf(entry.src) }, entry.source),
    el("span", { lang: entry.trg, dir: directionOf(entry.trg) }, entry.text)));
  byId("keeps").addEventListener("change", (event) => {
    if (event.target.checked) inBrowser.remove(OFF);
    else {
      inBrowser.set(OFF, "yes");
      inBrowser.remove(PLACE);
    }
    draw();
  });
  byId("forget").addEventListener("click", () => (inBrowser.remove(PLACE), draw()));
  return draw;
}
