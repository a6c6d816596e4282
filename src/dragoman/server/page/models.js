// The view of the models that are served, and of what they learn.

import { get, post } from "./api.js";
import { modelCard } from "./card.js";
import { byId, el } from "./dom.js";
import { jobPanel } from "./jobs.js";
import { trouble } from "./trouble.js";

/** What has been done, by the model as it was before and as it is now. */
const DONE = {
  learn: (before, now) => (now?.job?.state === "running" ? "It has begun to learn." : ""), // its panel tells of an end
  promote: () => "The new version is in use.",
  rollback: ({ previous }) => (previous?.newer ? "The newer version is in use again." : "The version before is in use again."),
  serve: ({ model }) => `${model} is served: you can translate with it.`,
};
let leaving = new AbortController();

/** Draw the view anew; what it follows ends with `leave`. `served` is called when other translators are served. */
export async function draw(served) {
  leave();
  const { signal } = leaving;
  try {
    const { models } = await get("/v1/models", signal);
    byId("models").replaceChildren(...(models.length ? models.map((model) => drawn(model, served, signal)) : [none()]));
    return models;
  } catch (error) {
    if (!signal.aborted) byId("models").replaceChildren(trouble(error.message, () => draw(served)));
    return [];
  }
}

export function leave() {
  leaving.abort();
  leaving = new AbortController();
  tell("");
}

function drawn(model, served, signal) {
  const act = async (name) => {
    try {
      await post(`/v1/models/${encodeURIComponent(model.model)}/${name}`);
      if (name !== "learn") served();
      const models = await draw(served);
      tell(DONE[name](model, models.find((one) => one.model === model.model)));
      byId("title-models").focus();
    } catch (error) {
      tell(error.message, true);
    }
  };
  const card = modelCard(model, act);
  const { job } = model;
  if (job && job.state !== "done") card.append(jobPanel(job, () => draw(served), signal));
  return card;
}

function none() {
  return el("p", { class: "card" }, "No model is served yet. ", el("a", { href: "#new" }, "Make a new translator."));
}

function tell(words, isBad = false) {
  byId("models-told").textContent = words;
  byId("models-told").classList.toggle("bad", isBad);
}
