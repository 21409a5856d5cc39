/** The guide's pages: copies examples, and opens the list of chapters if the page is wide enough. */

const wide = matchMedia("(min-width: 75em)");
const chapters = document.querySelector(".guide-chapters details");
const said = /** @type {HTMLElement} */ (document.getElementById("guide-said"));
const { copy = "", copied = "" } = document.body.dataset;

if (chapters instanceof HTMLDetailsElement) {
  const follow = () => {
    chapters.open = wide.matches;
  };
  wide.addEventListener("change", follow);
  follow();
}
for (const example of document.querySelectorAll("pre")) addCopyButton(example);

/** @param {HTMLPreElement} example */
function addCopyButton(example) {
  const frame = document.createElement("div");
  frame.className = "guide-code";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText((example.textContent ?? "").trimEnd());
    button.textContent = copied;
    said.textContent = copied;
  });
  button.addEventListener("blur", () => {
    button.textContent = copy;
    said.textContent = "";
  });
  example.replaceWith(frame);
  frame.append(example, button);
}
