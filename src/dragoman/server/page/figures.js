// Figures in words: counts, shares, times; and words of others inside ours. Nothing of Intl is made before it is used: it would keep the page waiting.

const LONGEST_QUOTE = 60;

export const count = (n) => n.toLocaleString("en");
export const percent = (share) => `${Math.round(100 * share)} %`;

/** Return a score with its digits: BLEU and chrF have one. */
export const score = (value) => (value === null || value === undefined ? "–" : value.toFixed(1));

/** Return "1 pair" or "2 pairs". */
export const counted = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** Return a moment, given in ISO form, as people write it. */
export const moment = (iso) => new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** Return the words of a server as a sentence of their own; what begins with a file or a code keeps its letters. */
export function sentence(words) {
  const text = words.replace(/^\p{Ll}(?=\p{L}*\s)/u, (letter) => letter.toUpperCase());
  return /[.!?)]$/.test(text) ? text : `${text}.`;
}

/** Return a text between quotation marks, of a long one its beginning. */
export function quoted(text) {
  const words = text.trim().replace(/\s+/g, " ");
  const letters = [...words];
  return letters.length > LONGEST_QUOTE ? `“${letters.slice(0, LONGEST_QUOTE).join("").trimEnd()} …”` : `“${words}”`;
}

/** Return how long something takes, roughly. */
export function duration(seconds) {
  if (seconds < 50) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Return bytes as people read them. */
export function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
