// The view of the models that are served, and of what they learn.

import { get, post } from "./api.js";
import { modelCard } from "./card.js";
import { byId, el } from "./dom.js";
import { jobPanel } from "./jobs.js";

const LEARNING = { learn: "It has begun to learn.", promote: "The new version is in use.", rollback: "The version before is in use again." };
let leaving = new AbortController();

/** Draw the view anew; what it follows ends with `leave`. */
export async function draw() {
  leave();
  const { signal } = leaving;
  try {
    const { models } = await get("/v1/models", signal);
    byId("models").replaceChildren(...(models.length ? models.map((model) => drawn(model, signal)) : [none()]));
  } catch (error) {
    if (error.name !== "AbortError") tell(error.message, true);
  }
}

export function leave() {
  leaving.abort();
  leaving = new AbortController();
  tell("");
}

function drawn(model, signal) {
  const act = async (name) => {
    try {
      await post(`/v1/models/${encodeURIComponent(model.model)}/${name}`);
      await draw();
      tell(LEARNING[name]);
      byId("title-models").focus();
    } catch (error) {
      tell(error.message, true);
    }
  };
  const card = modelCard(model, act);
  const { job } = model;
  if (job && job.state !== "done") card.append(jobPanel(job, draw, signal));
  return card;
}

function none() {
  return el("p", { class: "card" }, "No model is served yet. ", el("a", { href: "#new" }, "Make a new translator."));
}

function tell(words, isBad = false) {
  byId("models-told").textContent = words;
  byId("models-told").classList.toggle("bad", isBad);
}
