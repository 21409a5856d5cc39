/** Whether this browser can show scenes, whose addresses are *.localhost; if not, the page says so. */

import { element } from "./dom.js";

const { address, sentence = "" } = place().dataset;
const image = new Image();
image.onload = () => {
  // Not a link, so that Back does not return here.
  if (address) location.replace(address);
};
image.onerror = () => {
  place().replaceChildren(element("p", { class: "stub-problems", role: "alert" }, sentence));
};
image.src = `http://scene-check.localhost:${location.port}/`;

function place() {
  return /** @type {HTMLElement} */ (document.getElementById("stub-scenes"));
}
