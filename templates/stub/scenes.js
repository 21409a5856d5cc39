/** Whether this browser can show scenes, whose addresses are *.localhost; where it cannot, the page says so. */

import { element } from "./dom.js";

const { address, sentence = "" } = place().dataset;
const image = new Image();
image.onload = () => {
  // Not by a link: the way back does not lead here.
  if (address) location.replace(address);
};
image.onerror = () => {
  place().replaceChildren(element("p", { class: "stub-problems", role: "alert" }, sentence));
};
image.src = `http://scene-check.localhost:${location.port}/`;

function place() {
  return /** @type {HTMLElement} */ (document.getElementById("stub-scenes"));
}
