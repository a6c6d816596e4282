// Tells of a server that has gone, asks for it again and again, and tells when it is back.

import { events } from "./api.js";
import { byId, show } from "./dom.js";

const FIRST_MS = 500;
const LONGEST_MS = 8000;
const TOLD_MS = 3000;
let isGone = false;

export function watchConnection() {
  events.addEventListener("lost", () => {
    if (isGone) return;
    isGone = true;
    tell("The server does not answer. What you typed stays here; trying again …", true);
    again(FIRST_MS);
  });
}

function again(ms) {
  setTimeout(async () => {
    const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return again(Math.min(2 * ms, LONGEST_MS));
    isGone = false;
    tell("The server is back.", false);
    setTimeout(() => isGone || show(byId("banner"), false), TOLD_MS);
    events.dispatchEvent(new Event("back"));
  }, ms);
}

function tell(words, isBad) {
  const banner = byId("banner");
  show(banner);
  banner.classList.toggle("bad", isBad);
  banner.textContent = words;
}
