// The shapes that the runtime's modules hand to each other.

type EnglishWords = typeof import("../words/en.json");
/** The words of a script in one language: sentences by section and key, as far as the script needs them. */
type Sections = Record<string, Record<string, string>>;
/** A sentence of templates/words, as `section.key`. */
type WordKey = {
  [Section in keyof EnglishWords & string]: `${Section}.${keyof EnglishWords[Section] & string}`;
}[keyof EnglishWords & string];
/** A text of people, by language; `{name}` is replaced when it is said. */
interface LocalText {
  ja: string;
  en: string;
}
type Sentence = WordKey | LocalText;
type Values = Record<string, string | number | LocalText>;
type Say = (text: Sentence, values?: Values) => string;

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

/** What can happen to a run; runtime/states.js says when, and what it leads to. */
type RunEvent =
  | "ask"
  | "cancel"
  | "refuse"
  | "begin"
  | "wait"
  | "accept"
  | "progress"
  | "end"
  | "resume"
  | "recall"
  | "dismiss"
  | "hear"
  | "hearMore"
  | "take"
  | "lose"
  | "break";
/** Whose a run is: this tab's, or another tab's of the same browser. */
type Holder = "mine" | "theirs";

type Device = "desktop" | "mobile";
type PageKind = "detail" | "edit" | "create" | "index";

/** A condition on a field's values; exactly one of `in`, `notIn` and `filled` is there. */
interface Condition {
  field: string;
  in?: string[];
  notIn?: string[];
  filled?: boolean;
}

/** What a script is built with, the JSON literal at its end: an app's units, or a plug-in's by app ID. */
interface ScriptConfig {
  /** Tells our scripts on one page apart; a plug-in has its id for that. */
  source?: string;
  units?: UnitConfig[];
  /** In each language of the apps. */
  words: Partial<Record<string, Sections>>;
  style: string;
  apps?: Record<string, UnitConfig[]>;
}

type CallProxy = (
  url: string,
  method: string,
  headers: Record<string, string>,
  data: unknown,
) => Promise<[string, number, Record<string, string>]>;

/** A plug-in that holds the units' secrets. */
interface HostPlugin {
  id: string;
  callProxy: CallProxy;
  /** Whether the settings hold all that this unit's requests need, as the unit is now; `tellMissing` gets what they lack. */
  hasSecret(unit: UnitConfig, tellMissing: (what: string) => void): boolean;
}

interface UnitConfig {
  id: string;
  service: string;
  label: LocalText;
  confirm: boolean | LocalText;
  pages: PageKind[];
  devices: Device[];
  /** The element ID of a Space field, instead of the header. */
  space?: string;
  showIf?: Condition[];
  afterSuccess: "stay" | "reload";
  /** Whether it stands out among the buttons of its place; where none does, the first one does. */
  primary?: boolean;
  /** How long the page follows a run, in milliseconds. */
  timeout: number;
  /** With a plug-in: what its settings have to hold, the mark of each by its address. */
  stored?: Record<string, string>;
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
  /** An IANA name, such as Asia/Tokyo. */
  timezone: string;
}

/** Values by key, as JSON; null where there is none or the browser refuses. */
interface Store {
  read(key: string): any;
  write(key: string, value: unknown): void;
  keys(prefix: string): string[];
  remove(key: string): void;
}

/** The tabs of this browser among each other. */
interface Tabs {
  /** What a tab that runs `name` last told; null where none does. */
  heard(name: string): RunView | null;
  /** Does `work` while no other tab does so under this name; false where another one does and `ifAvailable` is set. */
  hold(name: string, work: () => Promise<void>, options: LockOptions): Promise<boolean>;
  /** Whether a tab holds the name now. */
  isHeld(name: string): Promise<boolean>;
  tell(name: string, view: RunView): void;
  forget(name: string): void;
  /** The run is called `next` from now on: what was told under its old name is forgotten, what is told under the new one heard. */
  rename(name: string, next: string): void;
  /** Asks the tab that runs `name` to look how it stands. */
  poke(name: string): void;
  /** `hear` gets what other tabs tell, `poked` is called when one of them pokes. */
  listen(name: string, hear: (view: RunView) => void, poked: () => void): void;
}

/** What of the browser is handed to a run. */
interface World {
  ask: Ask;
  clock: Clock;
  /** This tab's alone: what it takes to follow a run. */
  session: Store;
  /** All tabs': no secrets, no tokens. */
  local: Store;
  tabs: Tabs;
}

/**
 * What came of one proxy call. Without an answer `status` is 0 and `text` is what kintone's proxy said; of a success
 * there is no text, because it may hold a token.
 */
interface Answer {
  status: number;
  text: string;
  json: Record<string, unknown> | null;
  headers: Record<string, string>;
}
/** `stored`: the plug-in's settings hold a part of the request. */
type Ask = (
  method: string,
  url: string,
  headers: Record<string, string>,
  data: unknown,
  stored?: boolean,
) => Promise<Answer>;

interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `delay` milliseconds. */
  sleep(delay: number): Promise<void>;
  /** Resolves after `delay` milliseconds; while the page is out of sight later, and when it comes back into sight sooner. */
  pause(delay: number): Promise<void>;
  /** Calls `tick` every second until the returned function is called. */
  everySecond(tick: () => void): () => void;
}

/** What is wrong, for the end user; `code` and `text` are the service's own. */
interface Problem {
  happened: Sentence;
  values?: Values;
  /** Whether anything ran. */
  ran?: Sentence;
  /** What to do, or whom to tell. */
  advice: Sentence;
  code?: string;
  text?: string;
  /** Until when `advice` has to be waited for, in milliseconds since the epoch; it is given the `seconds` till then. */
  until?: number;
}

interface Step {
  name: string;
  state: "queued" | "running" | "succeeded" | "failed" | "canceled";
  /** How long it took, in milliseconds, once that is known. */
  took?: number;
  /** When it began by the service's clock, in milliseconds since the epoch, once that is known. */
  begunAt?: number;
}

/** What a service needs to follow a run; it survives JSON. */
type Handle = Record<string, string | number>;

/** A run that may be the one whose start was lost: `at` is when it was made, in milliseconds since the epoch. */
interface Found {
  handle: Handle;
  at: number;
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
  /** What the service calls it. */
  name?: string | null;
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
  /** Whether its status has steps: the panel keeps room for them. */
  hasSteps?: boolean;
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

/** What the panel's buttons do. */
interface PanelActions {
  /** Asks on for a run that was lost sight of. */
  resume(): void;
  /** Puts away what is told of a run that has ended. */
  close(): void;
  /** Gets the page's values anew; absent where that would lose what is being written. */
  renew?(): void;
}

interface Link {
  href: string;
  words: Sentence;
}

/** What the page shows of a run. */
interface RunView {
  state: RunState;
  /** When the run was asked for; null before that. */
  startedAt: number | null;
  /** When this page saw its end. */
  endedAt: number | null;
  /** How long it took, in milliseconds; null where nobody knows, because it was not watched closely. */
  took: number | null;
  steps: Step[];
  problem: Problem | null;
  /** Said instead of the words for the state. */
  doing: Sentence | null;
  /** What the service calls it. */
  name: string | null;
  times: Standing["times"] | null;
  link: Link | null;
  /** How long this unit usually takes, in milliseconds; null while that is not known. */
  usual: number | null;
  /** A run, made at that time, that may be this one, whose start was lost; it is followed if the user wants so. */
  offer: { at: number } | null;
  /** Whether another tab does the run. */
  elsewhere: boolean;
  /** Whether the user can ask on for a run that was lost sight of, or follow the one on offer. */
  canResume: boolean;
}

/** A request to which kintone adds headers and data that the plug-in's settings hold. */
interface StoredRequest {
  method: string;
  url: string;
  /** With `{secret}` or `{base64}` where the secret goes, as in `data`. */
  headers: Record<string, string>;
  data: Record<string, string>;
  /** Changes with what is stored beside the secret. */
  mark: string;
}

/** What kintone's plug-in settings hold for the requests of one method whose address begins so. */
interface Entry {
  method: string;
  url: string;
  headers: Record<string, string>;
  data: Record<string, string>;
}

/** A unit on the plug-in's settings page. */
interface SettingsUnit {
  id: string;
  service: string;
  label: LocalText;
  requests: StoredRequest[];
}

/** Units that share a secret, and the requests that need it. */
interface SecretGroup {
  units: SettingsUnit[];
  requests: StoredRequest[];
}

/** What a secret must not look like: `pattern` in it, or in the bytes whose Base64 it is. */
interface SecretRefusal {
  pattern: string;
  decoded: boolean;
  words: LocalText;
}

interface SettingsService {
  words: LocalText;
  /** What the service calls its secret; null where it needs none. */
  secretWords: LocalText | null;
  refusals: SecretRefusal[];
}

/** What the settings page is built with: each app's units by app ID. */
interface SettingsConfig {
  apps: Record<string, SettingsUnit[]>;
  services: Record<string, SettingsService>;
  words: Partial<Record<string, Sections>>;
}

/** What the build replaces with the JSON literal. */
declare const RUNBUTTON_CONFIG: any;

/** What `runbutton run` hands to the modules that a page has too. */
interface TerminalJob {
  unit: UnitConfig;
  shown: Shown;
  user: LoginUser;
}

/** What the terminal shows of a run: words in the user's language. */
interface TerminalView {
  state: RunState;
  /** Whether the service accepted the run. */
  started: boolean;
  line: string;
  steps: { name: string; state: Step["state"]; words: string }[];
  /** Whether anything ran, and what to do. */
  words: string[];
  /** The service's own code and text. */
  own: string;
  link: string;
}
