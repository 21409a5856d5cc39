/** Creates elements; texts are always set as text. */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * @param {string} className
 * @param {string} text
 * @param {() => void} onClick
 */
export function button(className, text, onClick) {
  const made = element("button", { type: "button", class: className }, text);
  made.addEventListener("click", onClick);
  return made;
}

const ICONS = {
  add: "M12 5v14M5 12h14",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  reuse: "M8 8h12v12H8zM4 16V4h12",
  print: "M7 8V4h10v4M7 17H4V8h16v9h-3M7 14h10v6H7z",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  home: "M4 11l8-7 8 7M6 10v10h12V10",
  close: "M6 6l12 12M18 6L6 18",
};

/**
 * A decorative icon.
 *
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", "stub-icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  picture.append(path);
  return picture;
}

/**
 * @param {keyof typeof ICONS} name
 * @param {string} label
 * @param {(() => void) | null} onClick null: the button is disabled
 */
export function iconButton(name, label, onClick) {
  const made = element(
    "button",
    { type: "button", class: "stub-icon-button", "aria-label": label, title: label },
    icon(name),
  );
  if (onClick) made.addEventListener("click", onClick);
  else made.disabled = true;
  return made;
}

/**
 * A labelled choice of one.
 *
 * @param {string} label
 * @param {{name: string, label: string}[]} offer
 * @param {string} chosenName
 * @param {(name: string) => void} onChange
 */
export function picker(label, offer, chosenName, onChange) {
  const options = offer.map((option) => element("option", { value: option.name }, option.label));
  const select = element("select", { class: "stub-input" }, ...options);
  select.value = chosenName;
  select.addEventListener("change", () => onChange(select.value));
  return element("label", { class: "stub-pick" }, label, select);
}
