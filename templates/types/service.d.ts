// What a service module implements, and what it gets to work with.
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

  /** Where a run stands. */
  interface Standing {
    state: RunState;
    steps: Step[];
    problem?: Problem;
    /** Said instead of the words for the state. */
    doing?: Sentence | null;
    /** What the service calls it; `words` has {name} for it. */
    name?: { text: string; words: Sentence } | null;
    /** By the service's own clock, in milliseconds since the epoch. */
    times?: { started: number | null; finished: number | null } | null;
    /** How long it took by the service's own clock, in milliseconds; absent while that is not known. */
    took?: number;
    /** How long the service wants to be left alone, in milliseconds. */
    wait?: number;
  }

  /** What a status question brought: where the run stands, or a problem; `again` says that asking again may help. */
  type Progress = Standing | { problem: Problem; again: boolean };

  /** What a service's functions get to work with. */
  interface Question<U extends UnitConfig = UnitConfig> {
    unit: U;
    ask: Ask;
    clock: Clock;
    /** When the run was asked for. */
    startedAt: number;
  }

  interface Call<U extends UnitConfig = UnitConfig> extends Question<U> {
    shown: Shown;
    user: LoginUser;
    /** Takes one of the starts that the service allows; a problem where it is too soon for another. */
    take(): Problem | null;
  }

  /** A job service: runtime/services/ has one module for each. `U` is the unit config that it reads. */
  interface Service {
    /** The services of unit configs that this module runs. */
    names: string[];
    /** What users call it, where that is not the word in unit configs. */
    title?: string;
    /** A problem with the record as it stands, found before anything is sent; or null. */
    refuse(unit: any, shown: Shown): Problem | null;
    start(call: Call<any>): Promise<Started>;
    status(question: Question<any>, handle: Handle): Promise<Progress>;
    /** What of the record is sent: all of it, or the fields with these codes. */
    sends(unit: any): "all" | string[];
    /** How many starts the service allows within how many milliseconds, counted by an address. */
    limit?: { starts: number; within: number; address(unit: any): string };
    /** Where people can see the run in the service itself; the handle is null while it is not known. */
    link?(unit: any, handle: Handle | null): Link;
  }
}
