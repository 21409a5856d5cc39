/**
 * A function whose answers are kept, because the same questions come up again and again.
 *
 * @template Q, A
 * @param {(question: Q) => A} ask
 */
export function remembered(ask) {
  /** @type {Map<Q, A>} */
  const answers = new Map();
  return (/** @type {Q} */ question) => {
    if (!answers.has(question)) {
      if (answers.size > 5000) {
        answers.clear();
      }
      answers.set(question, ask(question));
    }
    return /** @type {A} */ (answers.get(question));
  };
}
