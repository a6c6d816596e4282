// The page's beginning: which view is shown, and what all views share.

import { events } from "./api.js";
import { watchConnection } from "./connection.js";
import { byId, show } from "./dom.js";
import { historyView } from "./history.js";
import { offerKey } from "./key.js";
import * as models from "./models.js";
import * as training from "./training.js";
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
const drawings = {
  models: models.modelsView,
  new: () => training.trainingView((job) => job.state === "done" && again()),
  history: drawHistory,
};

/** Show the view of the address; `isMove` says that the user has gone there. */
function draw(isMove = false) {
  const asked = location.hash.slice(1);
  const name = asked in TITLES ? asked : FIRST;
  models.leave();
  training.leave();
  for (const one of Object.keys(TITLES)) show(byId(`view-${one}`), one === name);
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = name === FIRST ? "Dragoman" : `${TITLES[name]} – Dragoman`;
  drawings[name]?.();
  if (isMove) byId(`title-${name}`).focus({ preventScroll: true });
}

addEventListener("hashchange", () => draw(true));
draw();
