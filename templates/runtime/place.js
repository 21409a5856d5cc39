/**
 * The one element in which all buttons of a script stand in one of kintone's places; kintone may have kept it from the
 * page before.
 *
 * @param {HTMLElement} place
 * @param {string} source
 * @param {Device} device
 * @returns {HTMLElement}
 */
export function hostIn(place, source, device) {
  const known = place.querySelector(`:scope > .rb-place[data-source="${source}"]`);
  if (known) {
    return /** @type {HTMLElement} */ (known);
  }
  const host = document.createElement("div");
  host.className = `rb-place rb-${device}`;
  host.dataset.source = source;
  place.append(host);
  return host;
}
