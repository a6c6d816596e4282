// What the browser keeps for this page. One that keeps nothing is no reason to stop: then all lasts until the page is
// closed.

/** What is gone with the tab. */
export const inTab = kept("sessionStorage");

/** What is there again at the next visit. */
export const inBrowser = kept("localStorage");

/** Return what was kept as JSON, or `otherwise` where there is nothing that can be read. */
export function read(place, name, otherwise) {
  try {
    return JSON.parse(place.get(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function kept(storage) {
  const held = new Map();
  let place = null;
  try {
    place = window[storage]; // either of these throws where it is denied
    place.getItem("");
  } catch {
    place = null;
  }
  return {
    lasts: place !== null,
    get: (name) => (place ? place.getItem(name) : held.get(name) ?? null),
    /** Return whether there was room for it. */
    set: (name, value) => {
      try {
        if (place) place.setItem(name, value);
        else held.set(name, value);
        return true;
      } catch {
        return false;
      }
    },
    remove: (name) => (place ? place.removeItem(name) : held.delete(name)),
  };
}
