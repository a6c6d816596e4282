// A training or a learning under way: its progress, what it forecasts, sentences that get better, stop and resume.

import { events, follow, get, post, Unreachable } from "./api.js";
import { curve } from "./curve.js";
import { el } from "./dom.js";
import { count, duration, score, sentence } from "./figures.js";

const STATES = { running: "Running", stopped: "Stopped", failed: "Failed", done: "Done" };
const PAUSE_MS = 700;
const AGAIN_MS = 5000;

/**
 * Return a panel that shows `job` and follows it while it runs.
 * @param {Object} job as the server tells it
 * @param {(job: Object) => void} ended called when it no longer runs
 * @param {AbortSignal} signal ends the following
 */
export function jobPanel(job, ended, signal) {
  const title = job.kind === "train" ? `Training ${job.model}` : `${job.model} learns from corrections`;
  const state = el("span", { class: "badge", role: "status" });
  const bar = el("progress", { max: "1", "aria-label": "Progress" });
  const line = el("p", { class: "quiet figures" });
  const told = el("p", { class: "told bad", role: "status" });
  const picture = el("div");
  const samples = el("div");
  const button = el("button", { type: "button" });
  const panel = el("article", { class: "card job", "aria-label": title },
    el("header", {}, el("h2", {}, title), state), bar, line, told,
    el("div", { class: "halves" }, picture, samples), el("div", { class: "row" }, button));

  let isStopping = false; // a training keeps what it has before it ends
  const draw = () => {
    if (state.textContent !== STATES[job.state]) state.textContent = STATES[job.state];
    state.className = `badge ${job.state}`;
    bar.value = job.state === "done" ? 1 : job.n_steps ? job.step / job.n_steps : 0;
    told.textContent = job.error ? sentence(job.error) : "";
    const drawn = curve(job.history, "dev_chrf", "chrF on held-out sentences");
    picture.replaceChildren(...(drawn ? [drawn] : []));
    samples.replaceChildren(...job.samples.map(sample));
    button.hidden = job.state === "done" || (job.state !== "running" && job.can_resume === false);
    isStopping = job.state === "running" && (isStopping || job.stopping === true);
    line.textContent = facts(job, isStopping);
    button.disabled = isStopping;
    button.textContent = isStopping ? "Stopping …" : job.state === "running" ? "Stop" : "Resume";
  };
  const look = async () => {
    job = await get(`/v1/jobs/${job.job}`, signal);
    draw();
  };
  let due = 0;
  // What goes wrong with one look is told by the one that follows the end of the events.
  const lookSoon = () => (due ||= setTimeout(() => look().catch(() => null).finally(() => (due = 0)), PAUSE_MS));
  let isWatching = false;
  const watch = async () => {
    if (isWatching) return;
    isWatching = true;
    try {
      while (job.state === "running") {
        await follow(`/v1/jobs/${job.job}/events`, lookSoon, signal);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        await look();
      }
      ended(job);
    } catch (error) {
      if (error instanceof Unreachable) events.addEventListener("back", watch, { once: true, signal });
      else if (!signal.aborted) {
        told.textContent = error.message;
        if (error.status >= 500) setTimeout(() => signal.aborted || watch(), AGAIN_MS);
      }
    }
    isWatching = false;
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const wasRunning = job.state === "running";
      job = await post(`/v1/jobs/${job.job}/${wasRunning ? "stop" : "resume"}`);
      isStopping = wasRunning;
      draw();
      if (!wasRunning) watch();
    } catch (error) {
      told.textContent = error.message;
      button.disabled = false;
    }
  });
  draw();
  if (job.state === "running") watch();
  return panel;
}

/** How far it has come, in a line. */
function facts(job, isStopping) {
  const parts = [];
  if (job.n_steps) parts.push(`step ${count(job.step)} of ${count(job.n_steps)}`);
  else if (job.state === "running") parts.push("preparing the data");
  if (job.state === "running" && !isStopping && job.seconds_left !== null) parts.push(`about ${duration(job.seconds_left)} left`);
  if (job.dev_chrf !== null) parts.push(`chrF ${score(job.dev_chrf)}`);
  if (job.dev_bleu !== null) parts.push(`BLEU ${score(job.dev_bleu)}`);
  return parts.join(" · ");
}

function sample({ src, ref, hyp }) {
  const row = (name, text) => [el("dt", {}, name), el("dd", { dir: "auto" }, text)];
  const rows = [...row("Sentence", src), ...row("Now", hyp), ...row("Should be", ref)];
  if (hyp === ref) rows[3].append(el("span", { class: "exact" }, " ✓"));
  return el("dl", { class: "sample" }, ...rows);
}
