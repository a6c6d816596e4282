// The page's beginning: which view is shown, and what all views share.

import { events } from "./api.js";
import { watchConnection } from "./connection.js";
import { byId, show } from "./dom.js";
import { historyView } from "./history.js";
import { offerKey } from "./key.js";
import { take, translateView } from "./translate.js";

const TITLES = { translate: "Translate", models: "Models", new: "New translator", history: "History" };
const FIRST = "translate";

watchConnection();
// A file that is dropped beside the places for it would take the page's place.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
const load = translateView();
const settings = await load().catch(() => null);
const again = () => (settings ? load().catch(() => null) : location.reload());
offerKey(settings?.keyRequired ?? false, () => (again(), draw()));
events.addEventListener("back", () => (settings ? draw() : location.reload()));
document.querySelector(".skip").addEventListener("click", (event) => (event.preventDefault(), byId("main").focus()));

const drawHistory = historyView((entry) => {
  location.hash = FIRST;
  take(entry.source, entry.src, entry.trg);
});

/** Views that are loaded when they are first shown: each draws itself, and is told when it is left. */
const LATER = { models: () => import("./models.js"), new: () => import("./training.js") };
let leave = () => {};

const named = () => (location.hash.slice(1) in TITLES ? location.hash.slice(1) : FIRST);

/** Show the view of the address; `isMove` says that the user has gone there. */
async function draw(isMove = false) {
  const name = named();
  leave();
  for (const one of Object.keys(TITLES)) show(byId(`view-${one}`), one === name);
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = name === FIRST ? "Dragoman" : `${TITLES[name]} – Dragoman`;
  if (isMove) byId(`title-${name}`).focus({ preventScroll: true });
  if (name === "history") drawHistory();
  const view = await LATER[name]?.().catch(() => void events.dispatchEvent(new Event("lost")));
  if (!view || named() !== name) return;
  leave = view.leave;
  view.draw(again);
}

addEventListener("hashchange", () => draw(true));
draw();
