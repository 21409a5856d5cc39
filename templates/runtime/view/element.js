/**
 * Makes a real element: the factory that the views' JSX compiles to. Words goes in as text nodes only.
 *
 * @param {string} tag
 * @param {Record<string, unknown> | null} props attributes; `onClick` and its like are listeners; false and null are left out
 * @param {...(Node | string | number | false | null | undefined | (Node | false | null)[])} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2).toLowerCase(), /** @type {EventListener} */ (value));
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child !== false && child !== null && child !== undefined) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
  return element;
}
