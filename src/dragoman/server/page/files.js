// Files, such as texts and HTML pages, translated and handed back.

import { send } from "./api.js";
import { byId, el } from "./dom.js";
import { onDrop } from "./drop.js";

/** Take files that are chosen or dropped; `chosen` returns the languages, and the suffixes of files that can be read; null before they are known. */
export function translatesFiles(chosen) {
  const field = byId("file");
  const take = (files) => files.forEach((file) => translate(file, chosen()));
  field.addEventListener("change", () => {
    take([...field.files]);
    field.value = "";
  });
  onDrop(byId("translator"), take);
}

async function translate(file, asked) {
  const told = el("span", { class: "quiet", role: "status" }, "is being translated …");
  const item = el("li", {}, el("bdi", {}, file.name), " ", told);
  byId("files").prepend(item);
  const fail = (words) => {
    told.textContent = words;
    told.className = "bad";
  };
  if (!asked) return fail("cannot be translated yet: the list of languages has not come.");
  const { src, trg, suffixes } = asked;
  if (!suffixes.some((suffix) => file.name.toLowerCase().endsWith(suffix))) {
    return fail(`cannot be translated: it must end in ${suffixes.join(", ")}.`);
  }
  const form = new FormData();
  form.append("source", src);
  form.append("target", trg);
  form.append("file", file);
  try {
    // Behind a proxy the server may not know its own address: the path is enough.
    const { pathname } = new URL((await send("/translate_file", form)).translatedFileUrl, location.href);
    const name = pathname.slice(pathname.indexOf(".") + 1);
    told.replaceWith(el("span", { role: "status" }, "→ ", el("a", { href: pathname, download: name }, `Save ${name}`)));
  } catch (error) {
    fail(error.message);
  }
}
