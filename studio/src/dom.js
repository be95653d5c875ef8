// Elements, made of names and texts: nothing that is shown is ever read as markup.

/** An element with attributes, listeners (`onclick`) and children; what is null or false is left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = element.shown = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, children);
  return element;
}

/** Adds children to an element. */
export function put(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** Gives an element other children; the focus stays on the one with the same `data-key`. */
export function fill(element, ...children) {
  const active = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const top = element.scrollTop;
  element.replaceChildren();
  put(element, children);
  element.scrollTop = top;
  if (active !== undefined) {
    for (const found of element.querySelectorAll("[data-key]")) {
      if (found.dataset.key === active) found.focus({ preventScroll: true });
    }
  }
  return element;
}

/** Up, down, home and end move between the buttons of a list. */
export function roving(list) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step || event.target.matches("input, textarea, select")) return;
    const all = [...list.querySelectorAll("[data-rove]")].filter((one) => one.offsetParent);
    const now = all.indexOf(document.activeElement.closest("[data-rove]"));
    if (now < 0) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, now + step))].focus();
  });
  return list;
}

/** Calls after a pause; a call within it begins it anew. */
export function later(pause, call) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), pause);
  };
}

/** One call at a time; what is asked meanwhile is asked once more, afterwards, and waited for. */
export function single(call) {
  let running = null;
  let next = null;
  const run = () => {
    if (!running) {
      running = call().finally(() => (running = null));
      return running;
    }
    next ??= running.then(() => {
      next = null;
      return run();
    });
    return next;
  };
  return run;
}
