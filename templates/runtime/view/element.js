const DRAWN = ["svg", "circle", "path"];

/**
 * Creates an element: the factory that the views' JSX compiles to. Texts become text nodes only.
 *
 * @param {string} tag
 * @param {Record<string, unknown> | null} props attributes; `onClick` and similar are listeners; false and null are
 *   omitted
 * @param {...(Node | string | false | null | undefined | (Node | string | false | null)[])} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const space = DRAWN.includes(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const element = /** @type {HTMLElement} */ (document.createElementNS(space, tag));
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2).toLowerCase(), /** @type {EventListener} */ (value));
    } else if ((value ?? false) !== false) {
      element.setAttribute(name, String(value));
    }
  }
  const parts = /** @type {(Node | string)[]} */ (children.flat().filter(Boolean));
  element.append(...parts);
  return element;
}
