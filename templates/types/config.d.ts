// The data that Python puts into the scripts: the JSON literals of the page, the settings page and the terminal.
import type { ShowTo } from "../runtime/page/audience.js";
import type { Condition } from "../runtime/page/conditions.js";
import type { Input } from "../runtime/ask/rules.js";
import type { Device, LoginUser, PageKind, Shown } from "../runtime/page/kintone.js";
import type { LocalText, Sections } from "../runtime/view/say.js";

declare global {
  /** The JSON literal at the end of a script: an app's units, or a plug-in's by app ID. */
  interface ScriptConfig {
    /** The app that the script was built for; it works in no other. */
    app?: number;
    /** Distinguishes Runbutton's scripts on one page; a plug-in uses its id. */
    source?: string;
    units?: UnitConfig[];
    /** In each language of the apps. */
    words: Partial<Record<string, Sections>>;
    style: string;
    apps?: Record<string, UnitConfig[]>;
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
    /** The conditions under which the button cannot be used, and why. */
    unless?: (Condition & { say: LocalText })[];
    showTo?: ShowTo;
    /** What the user types or chooses before the run. */
    ask?: Input[];
    /** The maximum number of record IDs of a list that is sent. */
    listLimit?: number;
    /** krewData: the typed values that replace fields of the record that is sent. */
    values?: { field: string; ask: string }[];
    afterSuccess: "stay" | "reload";
    /** Whether it is the primary button of its place; by default, the first one is. */
    primary?: boolean;
    /** How long the page follows a run, in milliseconds. */
    timeout: number;
    /** The app that the runs are recorded in. */
    log?: number;
    /** Whether typed values are recorded too. */
    logValues?: boolean;
    /** Whether other users' and machines' runs of the unit, or of the unit for the same record, exclude one. */
    atOnce?: "one" | "one_per_record";
    /** With a plug-in: the entries that its settings need, the mark of each by address. */
    stored?: Record<string, string>;
  }

  /** A request to which kintone adds headers and data from the plug-in's settings. */
  interface StoredRequest {
    method: string;
    url: string;
    /** With `{secret}` or `{base64}` where the secret goes, as in `data`. */
    headers: Record<string, string>;
    data: Record<string, string>;
    /** A hash of what is stored with the secret. */
    mark: string;
  }

  /** A unit on the plug-in's settings page. */
  interface SettingsUnit {
    id: string;
    service: string;
    label: LocalText;
    /** The service account: its units have the same secret, unless the administrator separates them. */
    account: string;
    requests: StoredRequest[];
  }

  /** An invalid secret: `pattern` occurs in it, or in its bytes decoded from Base64. */
  interface SecretRefusal {
    pattern: string;
    decoded: boolean;
    words: LocalText;
  }

  interface SettingsService {
    words: LocalText;
    /** The service's name for its secret; null if it needs none. */
    secretWords: LocalText | null;
    refusals: SecretRefusal[];
  }

  /** The settings page's data: each app's units by app ID. */
  interface SettingsConfig {
    apps: Record<string, SettingsUnit[]>;
    services: Record<string, SettingsService>;
    words: Partial<Record<string, Sections>>;
  }

  /** The build replaces this with the JSON literal. */
  const RUNBUTTON_CONFIG: any;

  /** The input of `runbutton run` for the modules that it shares with pages. */
  interface TerminalJob {
    unit: UnitConfig;
    shown: Shown;
    user: LoginUser;
    /** The values of the unit's inputs by their names. */
    answers: Record<string, string>;
    /** With a log, or a variable with the record's URL: kintone's origin, and the path of its pages. */
    location?: { origin: string; pathname: string };
    /** Whether to wait if the service allows no further start yet. */
    wait: boolean;
    /** How far the services' time is ahead, in milliseconds, and how many of its seconds pass in one. */
    clock: { ahead: number; speed: number };
  }
}
