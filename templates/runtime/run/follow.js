import { backOff, FIRST, nextDelay } from "./poll.js";
import { timedOut } from "./problems.js";
import { isBusy } from "./states.js";

/** Answers lost in a row until the run counts as lost sight of. */
const LOST_LIMIT = 5;

/** A run whose end was seen within so many milliseconds of the question before, or an eighth of it, was watched closely. */
const CLOSE = 6000;

/**
 * Asks where a run stands until it has ended, is lost sight of, or has taken longer than the page follows it. One
 * question at a time: the next one waits for the answer to the last.
 *
 * @param {Service} service
 * @param {Question<any>} question
 * @param {Handle} handle
 * @param {number | null | undefined} usual how long the unit usually takes, in milliseconds
 * @param {boolean} anew whether the run was started just now; else it is asked for at once
 * @param {(delay: number) => Promise<void>} pause until the next question may be asked
 * @returns {AsyncGenerator<Partial<RunView> & {state: RunState}, void>} where the run stands; its end comes last
 */
export async function* follow(service, question, handle, usual, anew, pause) {
  const { clock, startedAt, unit } = question;
  const deadline = startedAt + unit.timeout;
  const elapsed = () => clock.now() - startedAt;
  let delay = anew ? Math.min(FIRST, nextDelay(elapsed(), usual)) : 0;
  let lost = 0;
  let wanted = 0;
  let asked = anew ? clock.now() : startedAt;
  for (;;) {
    if (wanted) {
      // The service wants to be left alone so long: coming back to the page is no reason to ask sooner.
      await clock.sleep(Math.min(wanted, Math.max(0, deadline - clock.now())));
    }
    await pause(lost ? delay : Math.min(delay, Math.max(0, deadline - clock.now())));
    // However late it has become, a computer may have slept, it is asked once more.
    const last = clock.now() >= deadline;
    const sinceAsked = clock.now() - asked;
    asked = clock.now();
    const progress = await service.status(question, handle);
    if ("again" in progress) {
      lost += 1;
      if (!progress.again || lost === LOST_LIMIT) {
        yield { state: "unknown", problem: progress.problem, canResume: true };
        return;
      }
      delay = backOff(lost);
      wanted = 0;
      continue;
    }
    const { wait = 0, ...standing } = progress;
    lost = 0;
    wanted = wait;
    delay = Math.max(0, nextDelay(elapsed(), usual) - wait);
    if (!isBusy(standing.state)) {
      // Who was away does not know when it ended: then the service's clock alone says how long it took.
      const watched = sinceAsked <= Math.max(CLOSE, elapsed() / 8) ? elapsed() : null;
      yield { took: watched, ...standing };
      return;
    }
    if (last) {
      yield { state: "unknown", problem: timedOut(unit.timeout), canResume: true };
      return;
    }
    yield { doing: null, ...standing };
  }
}
