// Elements made without markup: what comes from a user or the server is only ever text.

/** Return the element with that id. */
export const byId = (id) => document.getElementById(id);

/**
 * Return a new element. Attributes that begin with "on" are listeners; null, undefined and false leave one out.
 * @param {string} tag
 * @param {Object} attributes
 * @param {...(Node|string|null)} children
 */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** As `el`, for drawings. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Show or hide an element. */
export function show(element, shown = true) {
  element.hidden = !shown;
}

/** Call `work` when `ms` have passed since the last call. */
export function later(work, ms) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), ms);
  };
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}
