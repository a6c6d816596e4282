// Files, such as texts and HTML pages, translated and handed back.

import { send } from "./api.js";
import { byId, el } from "./dom.js";
import { onDrop } from "./drop.js";

/** Take files that are chosen or dropped; `languages` returns the two codes. */
export function translatesFiles(languages) {
  const field = byId("file");
  field.addEventListener("change", () => {
    for (const file of field.files) translate(file, languages());
    field.value = "";
  });
  onDrop(byId("translator"), (files) => files.forEach((file) => translate(file, languages())));
}

async function translate(file, { src, trg }) {
  const told = el("span", { class: "quiet", role: "status" }, "is being translated …");
  const item = el("li", {}, el("bdi", {}, file.name), " ", told);
  byId("files").prepend(item);
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
    told.textContent = error.message;
    told.className = "bad";
  }
}
