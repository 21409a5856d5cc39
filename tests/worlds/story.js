// The words of a world's story.

/** @param {number} time milliseconds since the world's beginning */
export function clock(time) {
  const seconds = (time / 1000) % 60;
  return `${String(Math.floor(time / 60_000)).padStart(3)}:${seconds.toFixed(2).padStart(5, "0")}`;
}

/** @param {any} view @returns {string} what a button shows of its run */
export function said({ state, doing, problem, elsewhere, canResume }) {
  return [
    state,
    doing && `(${doing.en})`,
    problem && `- ${problem.happened.en} ${problem.ran?.en ?? ""} [${problem.code ?? ""} ${problem.text ?? ""}]`,
    elsewhere && "- from another tab",
    canResume && "- may be asked on",
  ]
    .filter(Boolean)
    .join(" ");
}
