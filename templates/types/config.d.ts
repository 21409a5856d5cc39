// What Python puts into the scripts: the JSON literals of the page, the settings page and the terminal.
import type { Condition } from "../runtime/page/conditions.js";
import type { Device, LoginUser, PageKind, Shown } from "../runtime/page/kintone.js";
import type { LocalText, Sections } from "../runtime/view/say.js";

declare global {
  /** What a script is built with, the JSON literal at its end: an app's units, or a plug-in's by app ID. */
  interface ScriptConfig {
    /** The app that the script was built for; it works in no other. */
    app?: number;
    /** Tells our scripts on one page apart; a plug-in has its id for that. */
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
    afterSuccess: "stay" | "reload";
    /** Whether it stands out among the buttons of its place; where none does, the first one does. */
    primary?: boolean;
    /** How long the page follows a run, in milliseconds. */
    timeout: number;
    /** With a plug-in: what its settings have to hold, the mark of each by its address. */
    stored?: Record<string, string>;
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

  /** A unit on the plug-in's settings page. */
  interface SettingsUnit {
    id: string;
    service: string;
    label: LocalText;
    /** Of which account of the service: the units of one have the same secret, unless the administrator separates them. */
    account: string;
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
  const RUNBUTTON_CONFIG: any;

  /** What `runbutton run` hands to the modules that a page has too. */
  interface TerminalJob {
    unit: UnitConfig;
    shown: Shown;
    user: LoginUser;
    /** Whether to wait where the service allows no further start yet. */
    wait: boolean;
    /** How far the services' time is ahead, in milliseconds, and how many of its seconds pass in one. */
    clock: { ahead: number; speed: number };
  }
}
