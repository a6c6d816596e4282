// Two places that scroll together, the longer one faster.

/** Scroll each of `one` and `other` as the other is scrolled; return what makes `other` stand as `one` does. */
export function together(one, other) {
  const room = (place) => Math.max(0, place.scrollHeight - place.clientHeight);
  const led = new Map(); // where each was last put by the other; that it then tells of being scrolled is no news
  const lead = (from, to) => {
    to.scrollTop = room(from) ? (from.scrollTop / room(from)) * room(to) : 0;
    led.set(to, to.scrollTop);
  };
  const follow = (from, to) => from.addEventListener("scroll", () => {
    if (from.scrollTop === led.get(from)) return;
    led.delete(from);
    lead(from, to);
  });
  follow(one, other);
  follow(other, one);
  return () => lead(one, other);
}
