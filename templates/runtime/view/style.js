const STYLE_ID = "rb-style";

/**
 * Adds the style sheet to the document, once.
 *
 * @param {string} css
 */
export function addStyle(css) {
  if (!document.getElementById(STYLE_ID)) {
    const style = document.createElement("style");
    style.id = STYLE_ID;
    style.textContent = css;
    document.head.append(style);
  }
}
