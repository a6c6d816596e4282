// The only place that speaks with the server. Tells `events` when it cannot be reached, and when it asks for a key.

import { sentence } from "./figures.js";
import { inTab } from "./kept.js";

export const events = new EventTarget();

/** What the server refused, in its words; `seconds` says when it may be asked again, where it said so. */
export class Refused extends Error {
  constructor(words, status, seconds) {
    super(words);
    this.status = status;
    this.seconds = seconds;
  }
}

/** The server does not answer. */
export class Unreachable extends Error {
  constructor() {
    super("The server does not answer. What you typed stays here.");
  }
}

const KEY = "dragoman-key";

/** The key that goes with each request; it is gone with the tab. */
export const key = {
  get: () => inTab.get(KEY) ?? "",
  set: (value) => (value ? inTab.set(KEY, value) : inTab.remove(KEY)),
};

export const get = (path, signal) => json("GET", path, undefined, signal);
export const post = (path, body = {}, signal) => json("POST", path, body, signal);

/** Send a form with files; return what comes back. */
export async function send(path, form) {
  return (await asked(path, { method: "POST", body: form })).json();
}

/**
 * Hand each server-sent event of `path` to `take`, until the stream ends or `signal` says so; with a `body` it is posted.
 * EventSource could send neither a key nor that.
 */
export async function follow(path, take, signal, body) {
  const answer = await asked(path, sent(body ? "POST" : "GET", body, signal));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read().catch((error) => ended(error));
    if (done) return;
    const parts = (text + value.replaceAll("\r\n", "\n")).split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const data = part.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
      if (data.length) take(JSON.parse(data.join("\n")));
    }
  }
}

async function json(method, path, body, signal) {
  return (await asked(path, sent(method, body, signal))).json();
}

function sent(method, body, signal) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  return { method, signal, headers, body: body && JSON.stringify(body) };
}

async function asked(path, options) {
  const headers = { Accept: "application/json", ...options.headers };
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  const answer = await fetch(path, { ...options, headers }).catch((error) => ended(error));
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 401 || answer.status === 403) events.dispatchEvent(new Event("key"));
  if (answer.status === 401) told.error = "this server asks for a key; enter it above";
  const seconds = Number(answer.headers.get("Retry-After")) || 0;
  throw new Refused(sentence(told.error ?? `The server answered with ${answer.status}.`), answer.status, seconds);
}

function ended(error) {
  if (error.name === "AbortError") throw error;
  events.dispatchEvent(new Event("lost"));
  throw new Unreachable();
}
