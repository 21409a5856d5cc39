// Stands for the real one in the worlds: what the user sees is the view itself.
export function createButton(unit, panel, last, click) {
  return FACE.createButton(unit, panel, click);
}
