// Stands for the real one in the worlds: a user of theirs answers.
export function askInDialog(words) {
  return FACE.askInDialog(words);
}
