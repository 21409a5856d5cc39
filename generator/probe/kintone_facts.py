"""What is not settled of kintone: its proxy, its pages and events, and the plug-in proxy."""

from generator.probe.fact import YES_NO, Fact

_SWITCHES = "tests/browser/test_switches.py"
_PAGE = "tests/browser/test_page.py"
_SETTINGS = "tests/browser/test_plugin_settings.py"

PROXY = (
    Fact(
        "header_case", "K1", "page",
        "kintone.proxy hands the names of response headers on as the service wrote them, or in lower case "
        "(cybozu.dev, Send External API Request, shows both).",
        "TROCCO's rate headers are looked for in any case.",
        "kintone.header_case", {"original": "original", "lower": "lower"},
        tests=("tests/test_trocco_answers.py",),
        why="The product's tests give it answers with headers in either case, without the stub.",
    ),
    Fact(
        "unknown_host", "K2", "page",
        "A host that does not exist comes to status 503 (kintone.dev, Proxy Request, notes) or to a rejection.",
        "Both read as 'no answer': a start is repeated only where it is safe.",
        "kintone.unknown_host", {"503": "503", "reject": "reject"},
        tests=("tests/browser/test_run_errors.py",),
    ),
    Fact(
        "rejection_keys", "K3", "page",
        "The proxy rejects with JSON text that has code, id and message, perhaps success and messageType too "
        "(a shipped product parses it so at every call).",
        "The text is shown under Details and never decides anything.",
        documented="code id message messageType success",
        why="The product reads nothing of it, so that the stub has one form.",
    ),
    Fact(
        "proxy_timeout", "K4", "page",
        "After how many seconds the proxy gives up on a service that does not answer (one project says 30).",
        "The page itself counts a call as lost after three minutes; a shorter end only comes sooner.",
        "kintone.proxy_timeout", number=True, tests=(_SWITCHES,),
    ),
    Fact(
        "proxy_size", "K5", "page",
        "How large an answer or a request may be (one live project says 10 MB, without a source).",
        "krewData with `record: all` on a record with large tables; answers are small.",
        "kintone.proxy_size", number=True, tests=(_SWITCHES,),
        why="The probe notes the length of one large answer; looking for the limit would take many calls.",
    ),
    Fact(
        "concurrency", "K6", "page",
        "Whether kintone limits how many proxy calls a page has under way at once.",
        "Each run has one call under way at a time.",
        why="No page of Runbutton comes near it; the report has the times of twelve at once beside that of one.",
    ),
)  # fmt: skip

EVENTS = (
    Fact(
        "record_get_in_handler", "E1", "page",
        "record.get() throws inside a handler, and for a click while some handler's promise is pending "
        "(captures of 2026-08); older reports say null.",
        "The form is read on the click alone, and again until no handler is pending.",
        "kintone.record_get_in_handler", {"throw": "throw", "null": "null"}, tests=(_PAGE,),
    ),
    Fact(
        "undefined_return", "E2", "page",
        "What the next handler gets after one that returned nothing: the event as it was, or undefined.",
        "Other people's handlers may return nothing; ours reads the event all the same, and always returns it.",
        "kintone.undefined_return", {"previous": "previous", "undefined": "undefined"}, tests=(_PAGE,),
    ),
    Fact(
        "header_space", "E3", "page",
        "Whether the header space is a new element each time a record is shown again, or the one that was there.",
        "Mounting is idempotent: never two buttons, never none.",
        "kintone.header_space", {"rebuilt": "rebuilt", "reused": "reused"}, tests=(_PAGE,),
    ),
    Fact(
        "own_dialogs", "E4", "page",
        "Whether this kintone has showConfirmDialog and its like (2025-09, mobile 2026-03).",
        "Where it has not, the page shows a dialog of its own.",
        "kintone.own_dialogs", YES_NO, tests=("tests/browser/test_dialogs.py",),
    ),
    Fact(
        "content_security_policy", "E4", "page",
        "Whether kintone's pages have a Content-Security-Policy, and with which directives.",
        "The button's style sheet is a style element.",
        why="The stub's pages have one that lets styles pass; another one's names stand in the report's observations.",
    ),
    Fact(
        "event_types", "E5", "page",
        "The types of an event's fields: recordId is a number on show and text after saving (cybozu.dev).",
        "A run that was started on the create page is found again by the ID that saving gives.",
        why="Documented; the report has the types of what was seen.",
    ),
)  # fmt: skip

PLUGIN = (
    Fact(
        "merge_object", "P1", "page",
        "Saved data goes into the body of a call that is an object (cybozu.dev, Set plug-in config for proxy).",
        "krewData's serial number reaches the request by it.",
        documented="yes",
        why="Documented, so the stub has no other way.",
    ),
    Fact(
        "merge_text", "P2", "page",
        "Whether saved data goes into a body that is JSON in text, too.",
        "Bodies that need saved data are objects; nothing depends on the other.",
        "kintone.merge_text", YES_NO, tests=(_SETTINGS,),
    ),
    Fact(
        "saved_wins", "P3", "page",
        "Where the saved data and the call give the same member, the saved one counts (cybozu.dev).",
        "A user of the app cannot put another krewData app in the stored one's place.",
        documented="yes",
        why="Documented, so the stub has no other way.",
    ),
    Fact(
        "header_clash", "P4", "page",
        "Whether a saved header takes the place of one in other letter case.",
        "Requests name a header exactly as it is saved.",
        "kintone.header_clash", {"any case": "any case", "same case": "same case"}, tests=(_SETTINGS,),
    ),
    Fact(
        "call_headers", "P5", "page",
        "Whether the plug-in proxy sends headers that the call alone gives: documents say yes, one project no.",
        "Content-Type is saved with each secret, and requests that need none go by kintone.proxy.",
        "kintone.call_headers", {"sent": "sent", "dropped": "dropped"}, tests=(_SETTINGS,),
    ),
    Fact(
        "default_content_type", "P5", "page",
        "Which Content-Type a body gets where nobody names one (one live project: none).",
        "Every request with a body names its type.",
        "kintone.default_content_type", {"none": "none", "json": "json"}, tests=(_SWITCHES,),
    ),
    Fact(
        "one_entry", "P6", "page",
        "Of several saved addresses that match, the longest alone counts (cybozu.dev; seen in practice).",
        "Units whose addresses begin alike each carry all that they need.",
        documented="yes",
        why="Documented, so the stub has no other way.",
    ),
    Fact(
        "prefix_match", "P7", "page",
        "Whether a saved address matches all that begins with it as text, or must end where a part of it ends.",
        "Saved addresses end with a separator, so that `…_id=12` never matches 123.",
        "kintone.prefix_match", {"text": "text", "part": "part"}, tests=(_SETTINGS,),
    ),
    Fact(
        "resolves_dots", "P7", "page",
        "Whether `..` in an address is resolved before it is compared with the saved ones.",
        "What the guide says a curious user of the app can do.",
        "kintone.resolves_dots", YES_NO, tests=(_SETTINGS,),
    ),
    Fact(
        "reads_saved", "P8", "page",
        "Whether getProxyConfig gives what this page has just saved, or what there was when it was loaded.",
        "The settings page shows what it saved without asking kintone again.",
        "kintone.reads_saved", {"at once": "at once", "on reload": "on reload"}, tests=(_SETTINGS,),
    ),
    Fact(
        "get_proxy_config", "P8", "page",
        "Which entry getProxyConfig gives: that of the very address, or the one that the proxy would take.",
        "What is stored is recognised by a mark of its address.",
        "kintone.get_proxy_config", {"same": "same", "longest": "longest"}, tests=(_SETTINGS,),
    ),
    Fact(
        "settings_need_update", "P8", "page",
        "Whether saved settings wait for 'Update App', as kintone's other settings do, or count at once.",
        "The settings page asks to update the app after saving.",
        "kintone.settings_need_update", YES_NO, tests=(_SETTINGS,),
    ),
    Fact(
        "saves_need_pause", "P9", "page",
        "Whether a save right after the one before fails (GAIA_DA02; four live projects pause 100 to 700 ms).",
        "The settings page pauses 300 ms after each save.",
        "kintone.saves_need_pause", YES_NO, tests=(_SETTINGS,),
    ),
    Fact(
        "empty_removes", "P10", "page",
        "Saving {} headers and {} data takes an entry away (three projects do so).",
        "What units that are gone left behind is taken away so.",
        documented="yes",
        why="No document has another way, so the stub has none.",
    ),
    Fact(
        "unset_plugin", "P10", "page",
        "Whether a plug-in runs in an app while its required_params are not saved.",
        "Nothing: the manifest has no required_params, and a button that is not set up says so.",
        "kintone.unset_plugin", {"runs": "runs", "off": "off"}, tests=(_SETTINGS,),
    ),
    Fact(
        "settings_proxy", "P10", "page",
        "Whether the plug-in proxy works on the settings page: documents say no, one project calls it there.",
        "The settings page never calls it: it cannot try a secret out.",
        "kintone.settings_proxy", {"nothing": "nothing", "works": "works"}, tests=(_SETTINGS,),
    ),
)  # fmt: skip

KINTONE = (*PROXY, *EVENTS, *PLUGIN)
