// The view that makes a new translator: a file of pairs, what is in it, a few choices, then the training itself.

import { get, post, send } from "./api.js";
import { byId, el } from "./dom.js";
import { onDrop } from "./drop.js";
import { count, counted, size } from "./figures.js";
import { jobPanel } from "./jobs.js";
import { nameOf } from "./languages.js";
import { trouble } from "./trouble.js";

const MINUTES = 20;
const LONGEST_MINUTES = 24 * 60;
const MAX_FILES = 20;
const LOOK_MS = 1000;
const LOOKS = 20;
const BEGUN = "The training has begun. It goes on when you close this page.";
let leaving = new AbortController();

/** Draw the view; `served` is called when there is a new translator to use. */
export async function draw(served) {
  leave();
  const { signal } = leaving;
  const ended = async (job) => {
    if (job.state !== "done") {
      if (byId("training-told").textContent === BEGUN) tell(""); // its panel tells of the end
      return;
    }
    tell(`${job.model} is trained.`);
    const card = await cardOf(job.model).catch(() => null);
    served();
    if (card && !signal.aborted) tell(trained(card));
  };
  begin();
  try {
    const { jobs } = await get("/v1/jobs", signal);
    const panels = jobs.filter((job) => job.kind === "train").map((job) => jobPanel(job, ended, signal));
    byId("jobs").replaceChildren(...panels);
  } catch (error) {
    if (!signal.aborted) byId("jobs").replaceChildren(trouble(error.message, () => draw(served)));
  }

  function begin() {
    const told = el("p", { class: "told", role: "status", id: "training-told" });
    const field = el("input", { type: "file", class: "hidden", id: "pairs", multiple: true, onchange: () => read([...field.files]) });
    const zone = el("div", { class: "card zone" },
      el("p", {}, el("label", { class: "button main", for: "pairs" }, "Choose files of pairs"), field, " or drop them here"),
      el("p", { class: "quiet" }, "Translation memories (TMX, XLIFF), PO files, spreadsheets (CSV, XLSX, ODS), tables with tabs, or two files with one sentence on each line; also packed (.gz, .zip, .tar). Several are trained on together."));
    onDrop(zone, read);
    byId("training").replaceChildren(zone, told);
  }

  async function read(files) {
    if (!files.length) return;
    if (files.length > MAX_FILES) return tell(`Choose ${MAX_FILES} files at most, or pack them (.zip).`, true);
    const form = new FormData();
    for (const file of files) form.append("file", file);
    tell(files.length > 1 ? `${files.length} files are being read …` : `${files[0].name} is being read …`);
    try {
      const corpus = await send("/v1/corpora", form);
      byId("training").replaceChildren(statistics(corpus), choices(corpus));
      byId("training").querySelector("h2").focus();
    } catch (error) {
      tell(error.message, true);
    }
  }

  function choices(corpus) {
    const told = el("p", { class: "told", role: "status", id: "training-told" });
    const form = el("form", { class: "card choices" },
      el("h2", {}, "Your translator"),
      field("model", "Name", { value: nameFor(corpus), pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]*", maxlength: "60", required: true }, "Letters, digits, dots and dashes"),
      language("trained-src", "From", corpus.src),
      language("trained-trg", "To", corpus.trg),
      field("minutes", "Minutes", { type: "number", min: "1", max: LONGEST_MINUTES, value: MINUTES, required: true }, "More usually make it better"),
      el("label", { class: "check" }, el("input", { type: "checkbox", id: "both" }), " In both directions (they share the minutes)"),
      told,
      el("div", { class: "row" },
        el("button", { type: "submit", class: "main" }, "Start training"),
        el("button", { type: "button", class: "plain", onclick: begin }, "Other files")));
    form.addEventListener("submit", (event) => (event.preventDefault(), start(corpus, form)));
    return form;
  }

  async function start(corpus, form) {
    const value = (id) => form.querySelector(`#${id}`).value.trim();
    const asked = {
      corpus: corpus.corpus, model: value("model"), src: value("trained-src"), trg: value("trained-trg"),
      minutes: Number(value("minutes")), both: form.querySelector("#both").checked,
    };
    try {
      const job = await post("/v1/trainings", asked);
      begin();
      byId("jobs").prepend(jobPanel(job, ended, signal));
      tell(job.state === "running" ? BEGUN : "");
      byId("title-new").focus();
    } catch (error) {
      tell(error.message, true);
    }
  }
}

export function leave() {
  leaving.abort();
  leaving = new AbortController();
}

/** Return the card of a model that has just been trained; the server takes a while to find it. */
async function cardOf(name) {
  for (let n = 0; n < LOOKS; n += 1) {
    const { models } = await get("/v1/models");
    const card = models.find((one) => one.model === name);
    if (card) return card;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return null;
}

/** What can be done with a model that is trained. */
function trained({ model, held_back }) {
  return held_back ? `${model} is trained, but it is not served; “Models” says why.` : `${model} is ready: you can translate with it.`;
}

/** What is in a file, and what will not be used of it. */
function statistics({ name, n_bytes, statistics: found }) {
  const dropped = Object.entries(found.dropped).filter(([, n]) => n);
  const n_dropped = dropped.reduce((sum, [, n]) => sum + n, 0);
  const rows = found.examples.map(([src, trg]) => el("tr", {}, el("td", { dir: "auto" }, src), el("td", { dir: "auto" }, trg)));
  const head = el("tr", {}, ...["Text", "Translation"].map((words) => el("th", { scope: "col" }, words)));
  return el("section", { class: "card" },
    el("h2", { tabindex: "-1" }, name),
    el("p", {}, `${counted(found.n_pairs, "pair")} to learn from and to test with · ${size(n_bytes)} · ${lengths(found)}`),
    n_dropped ? el("p", {}, `${counted(n_dropped, "pair")} will be dropped:`) : null,
    n_dropped || found.bad_rows ? null : el("p", {}, "Nothing will be dropped."),
    n_dropped ? el("ul", {}, ...dropped.map(([reason, n]) => el("li", {}, `${reason}: ${count(n)}`))) : null,
    found.bad_rows ? el("p", { class: "bad" }, `${counted(found.bad_rows, "line")} cannot be read${found.first_bad ? `; the first: ${found.first_bad}` : ""}`) : null,
    el("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": "Examples" },
      el("table", { class: "examples" }, el("caption", { class: "quiet" }, "Some of the pairs"), el("thead", {}, head), el("tbody", {}, ...rows))));
}

/** How long the sentences are, where the server tells. */
function lengths({ src_length, trg_length }) {
  const of = (length) => (typeof length === "number" ? Math.round(length) : length?.mean && Math.round(length.mean));
  return `sentences of about ${of(src_length) ?? "?"} and ${of(trg_length) ?? "?"} characters`;
}

function language(id, label, code) {
  const name = el("span", { class: "quiet" });
  const made = field(id, label, {
    value: code ?? "", required: true, maxlength: "20", spellcheck: "false", autocapitalize: "none",
    oninput: (event) => (name.textContent = named(event.target.value)),
  });
  name.textContent = named(code ?? "");
  made.append(name);
  return made;
}

function named(code) {
  const name = nameOf(code.trim());
  return code.trim() && name !== code.trim() ? name : "a code such as en, es, fa";
}

function field(id, label, attributes, hint = "") {
  return el("p", { class: "field" }, el("label", { for: id }, label), el("input", { id, ...attributes }),
    hint ? el("span", { class: "quiet" }, hint) : null);
}

function nameFor({ name }) {
  return name.replace(/\.(tsv|txt|gz|zip|csv|tmx|xlf|xliff|po|xlsx|ods|jsonl|tar|tgz)\b/gi, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 60) || "translator";
}

function tell(words, isBad = false) {
  const told = byId("training-told");
  told.textContent = words;
  told.classList.toggle("bad", isBad);
}
