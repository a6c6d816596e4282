// Corrections that were begun and are not saved: kept with the tab and listed, until they are saved or dropped.

import { byId, el } from "./dom.js";
import { quoted } from "./figures.js";
import { inTab, read } from "./kept.js";

const PLACE = "dragoman-corrections";

/** Whether something of a correction is not saved. */
export const isChanged = ({ fields }) => fields.some(({ text, value }) => value !== text);

/** Show the corrections of before; return what keeps others. `open` is called with the one that is gone on with. */
export function unsaved(open) {
  let aside = read(inTab, PLACE, []);

  const item = (correction) => el("li", {},
    `Not saved: your correction of ${quoted(correction.source)} `,
    el("button", { type: "button", onclick: () => open(correction) }, "Go on"), " ",
    el("button", { type: "button", class: "plain", onclick: () => hold(without(correction)) }, "Drop it"));
  const without = (correction) => aside.filter((one) => one !== correction);

  /** Keep these, and the one in the form if there is one, which is not listed. */
  function hold(corrections, inForm = null) {
    aside = corrections;
    inTab.set(PLACE, JSON.stringify(inForm && isChanged(inForm) ? [...aside, inForm] : aside));
    byId("unsaved").replaceChildren(...aside.map(item));
  }
  hold(aside);
  return {
    /** Note how far the one in the form is; it stands in the list no longer. */
    note: (correction) => hold(without(correction), correction),
    /** List one that has left the form, if something of it is not saved. */
    putAside: (correction) => hold(isChanged(correction) ? [...without(correction), correction] : without(correction)),
    drop: (correction) => hold(without(correction)),
    of: ({ src, trg, source }) => aside.findLast((one) => one.src === src && one.trg === trg && one.source === source),
  };
}
