// The field for a key, shown where the server asks for one.

import { events, key } from "./api.js";
import { byId, show } from "./dom.js";

/** Offer the field where it is needed. Return what takes the server's settings; `changed` is called with each new key. */
export function offerKey(changed) {
  const toggle = byId("key-toggle");
  const form = byId("key-form");
  const told = byId("key-told");
  let settings = { apiKeys: true, keyRequired: false }; // until the server tells
  const open = (isOpen) => {
    show(form, isOpen);
    toggle.setAttribute("aria-expanded", isOpen);
  };
  toggle.addEventListener("click", () => open(form.hidden));
  events.addEventListener("key", () => {
    if (!settings.apiKeys) return;
    show(toggle);
    open(true);
    told.textContent = key.get() ? "This key does not suffice." : "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    key.set(byId("key").value.trim());
    byId("key").value = "";
    told.textContent = "";
    open(!key.get() && settings.keyRequired);
    changed();
  });
  return (given) => {
    settings = given;
    show(toggle, settings.keyRequired);
    if (settings.keyRequired && !key.get()) open(true);
  };
}
