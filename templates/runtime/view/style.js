/**
 * Adds the style sheet to the document, once. Another script's may have more or fewer parts, so its length is in the ID.
 *
 * @param {string} css
 */
export function addStyle(css) {
  const id = `rb-style-${css.length}`;
  if (!document.getElementById(id)) {
    const style = document.createElement("style");
    style.id = id;
    style.textContent = css;
    document.head.append(style);
  }
}
