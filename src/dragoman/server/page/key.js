// The field for a key, shown where the server asks for one.

import { events, key } from "./api.js";
import { byId, show } from "./dom.js";

/** Offer the field; `isNeeded` says that nothing goes without. `changed` is called with each new key. */
export function offerKey(isNeeded, changed) {
  const toggle = byId("key-toggle");
  const form = byId("key-form");
  const told = byId("key-told");
  const open = (isOpen) => {
    show(form, isOpen);
    toggle.setAttribute("aria-expanded", isOpen);
  };
  show(toggle, isNeeded);
  open(isNeeded && !key.get());
  toggle.addEventListener("click", () => open(form.hidden));
  events.addEventListener("key", () => {
    show(toggle);
    open(true);
    told.textContent = key.get() ? "This key does not suffice." : "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    key.set(byId("key").value.trim());
    byId("key").value = "";
    told.textContent = "";
    open(!key.get() && isNeeded);
    changed();
  });
}
