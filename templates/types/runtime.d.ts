// The shapes that the runtime's modules hand to each other.

/** One sentence in each language that the page speaks; `{name}` is filled in when it is said. */
interface Words {
  ja: string;
  en: string;
}
type Values = Record<string, string | number | Words>;
type Say = (text: Words, values?: Values) => string;

type RunState =
  | "idle"
  | "confirming"
  | "starting"
  | "queued"
  | "running"
  | "succeeded"
  | "failed"
  | "canceled"
  | "skipped"
  | "unknown";

type Device = "desktop" | "mobile";
type PageKind = "detail" | "edit" | "create" | "index";

/** What an app's script is built with: the JSON literal at its end. */
interface AppConfig {
  app: number;
  source: string;
  units: UnitConfig[];
}

interface UnitConfig {
  id: string;
  service: string;
  label: Words;
  confirm: boolean | Words;
  pages: PageKind[];
  devices: Device[];
  /** How long the page follows a run, in milliseconds. */
  timeout: number;
}

interface KrewDataUnit extends UnitConfig {
  url: string;
  krewdataAppUrl: string;
  /** Base64 of the serial number's UTF-8 bytes. */
  serialNumber: string;
  record: "all" | "none" | string[];
}

interface Field {
  type: string;
  value: unknown;
}
type KintoneRecord = Record<string, Field>;

/** A record page, as kintone's show event tells of it. */
interface Shown {
  device: Device;
  page: PageKind;
  appId: number;
  recordId: number | null;
  record: KintoneRecord;
}

interface LoginUser {
  code: string;
  language: string;
}

/** What came of one proxy call. Without an answer `status` is 0 and `text` is what kintone's proxy said. */
interface Answer {
  status: number;
  text: string;
  json: Record<string, unknown> | null;
  headers: Record<string, string>;
}
type Ask = (method: string, url: string, headers: Record<string, string>, data: unknown) => Promise<Answer>;

interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `delay` milliseconds. */
  sleep(delay: number): Promise<void>;
  /** Resolves after `delay` milliseconds while the page is in sight, and at once when it comes back into sight. */
  pause(delay: number): Promise<void>;
  /** Calls `tick` every second until the returned function is called. */
  everySecond(tick: () => void): () => void;
}

/** What is wrong, for the end user; `code` and `text` are the service's own. */
interface Problem {
  happened: Words;
  values?: Values;
  /** Whether anything ran. */
  ran?: Words;
  /** What to do, or whom to tell. */
  advice: Words;
  code?: string;
  text?: string;
}

interface Step {
  name: string;
  state: "queued" | "running" | "succeeded" | "failed" | "canceled";
  /** How long it took, in milliseconds, once that is known. */
  took?: number;
}

/** What a service needs to follow a run; it survives JSON. */
type Handle = Record<string, string | number>;

/** How a start went: accepted, refused (nothing ran), or lost (it may run). */
type Started = { handle: Handle } | { problem: Problem; state: "failed" | "unknown" };

/** What a status question brought: where the run stands, or a problem; `again` says that asking again may help. */
type Progress =
  | { state: RunState; steps: Step[]; problem?: Problem }
  | { problem: Problem; again: boolean };

/** What a service's functions get to work with. */
interface Call<U extends UnitConfig = UnitConfig> {
  unit: U;
  shown: Shown;
  user: LoginUser;
  ask: Ask;
  clock: Clock;
}

/** A job service: runtime/services/ has one module for each. `U` is the unit config that it reads. */
interface Service {
  /** The services of unit configs that this module runs. */
  names: string[];
  /** A problem with the record as it stands, found before anything is sent; or null. */
  refuse(unit: any, shown: Shown): Problem | null;
  start(call: Call<any>): Promise<Started>;
  status(call: Call<any>, handle: Handle): Promise<Progress>;
}

/** What the page shows of a run. */
interface RunView {
  state: RunState;
  /** When the run was asked for; null before that. */
  startedAt: number | null;
  endedAt: number | null;
  steps: Step[];
  problem: Problem | null;
  /** Whether the user can ask on for a run that was lost sight of. */
  canResume: boolean;
}
