// The interface of a service module, and the data that it gets.
import type { Clock } from "../runtime/page/clock.js";
import type { LoginUser, Shown } from "../runtime/page/kintone.js";
import type { Ask } from "../runtime/page/proxy.js";
import type { Handle, Link, Offer, Step } from "../runtime/run/entry.js";
import type { Problem } from "../runtime/run/problems.js";
import type { RunState } from "../runtime/run/states.js";
import type { Sentence } from "../runtime/view/say.js";

declare global {
  /** A run that may be the one whose start was lost. */
  interface Found {
    handle: Handle;
    offer: Offer;
  }

  /** How a start went: accepted, refused (nothing ran), or lost (it may run). */
  type Started = { handle: Handle } | { problem: Problem; state: "failed" | "unknown"; found?: Found | null };

  /** The status of a run. */
  interface Standing {
    state: RunState;
    steps: Step[];
    problem?: Problem;
    /** Replaces the words for the state. */
    doing?: Sentence | null;
    /** The service's name for it; `words` has {name} for it. */
    name?: { text: string; words: Sentence } | null;
    /** By the service's own clock, in milliseconds since the epoch. */
    times?: { started: number | null; finished: number | null } | null;
    /** Its duration by the service's own clock, in milliseconds; absent if not known. */
    took?: number;
    /** The service's minimum delay before the next request, in milliseconds. */
    wait?: number;
  }

  /** The result of a status request: the run's status, or a problem; `again`: another request may help. */
  type Progress = Standing | { problem: Problem; again: boolean };

  /** The arguments of a service's functions. `U` is the unit config that it reads. */
  interface Question<U extends UnitConfig = UnitConfig> {
    unit: U;
    ask: Ask;
    clock: Clock;
    /** When the run was requested. */
    startedAt: number;
  }

  interface Call<U extends UnitConfig = UnitConfig> extends Question<U> {
    shown: Shown;
    user: LoginUser;
    /** Counts one of the starts that the service allows; a problem if it is too soon for another. */
    take(): Problem | null;
  }

  /** A job service: runtime/services/ has one module for each. */
  interface Service {
    /** The services of unit configs that this module runs. */
    names: string[];
    /** Its product name, if that differs from the word in unit configs. */
    title?: string;
    /** A problem with the current record, found before anything is sent; or null. */
    refuse(unit: any, shown: Shown): Problem | null;
    start(call: Call<any>): Promise<Started>;
    status(question: Question<any>, handle: Handle): Promise<Progress>;
    /** The part of the record that is sent: all of it, or the fields with these codes. */
    sends(unit: any): "all" | string[];
    /** How many starts the service allows within how many milliseconds, counted by an address. */
    limit?: { starts: number; within: number; address(unit: any): string };
    /** The run's page in the service; the handle is null if it is not known yet. */
    link?(unit: any, handle: Handle | null): Link;
  }
}
