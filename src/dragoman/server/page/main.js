// The page's beginning: which view is shown, and what all views share.

import { events, get } from "./api.js";
import { watchConnection } from "./connection.js";
import { byId, show } from "./dom.js";
import { historyView } from "./history.js";
import { offerKey } from "./key.js";
import { take, translateView } from "./translate.js";
import { trouble } from "./trouble.js";

const TITLES = { translate: "Translate", models: "Models", new: "New translator", history: "History" };
const FIRST = "translate";
/** Views that are loaded when they are first shown: each draws itself, and is told when it is left. */
const LATER = { models: () => import("./models.js"), new: () => import("./training.js") };

watchConnection();
// A file that is dropped beside the places for it would take the page's place.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
document.querySelector(".skip").addEventListener("click", (event) => (event.preventDefault(), byId("main").focus()));
const needKey = offerKey(() => (load(), draw()));
const load = translateView((settings) => {
  needKey(settings);
  const mayRead = settings.mayRead !== false;
  for (const name of Object.keys(LATER)) show(document.querySelector(`nav [href="#${name}"]`), mayRead);
});

const drawHistory = historyView((entry) => {
  location.hash = FIRST;
  take(entry.source, entry.src, entry.trg);
});

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
  byId(`view-${name}`).querySelector(":scope > .trouble")?.remove();
  const view = await LATER[name]?.().catch(() => void missing(name));
  if (!view || named() !== name) return;
  leave = view.leave;
  view.draw(load);
}

/** Say that the files of a view did not come. Some browsers ask again only when the whole page is loaded again. */
function missing(name) {
  byId(`view-${name}`).append(trouble("This part of the page could not be loaded.", () => location.reload()));
  get("/healthz").catch(() => null); // a server that has gone is told of, and waited for
}

events.addEventListener("back", () => draw());
addEventListener("hashchange", () => draw(true));
byId("starting").remove();
draw();
load();
