"""What documents leave open and neither the probe nor a switch can settle, each with why."""

from generator.probe.fact import Fact

_NOTHING_READS_IT = "Nothing of Runbutton reads it, so that no switch could change anything."

UNOBSERVED = (
    Fact(
        "repeated_headers", "K", "page",
        "Whether an answer's header that stands there twice, such as Set-Cookie, comes as text or as a list.",
        "Nothing: only TROCCO's limits are read of headers.",
        why=_NOTHING_READS_IT,
    ),
    Fact(
        "ports", "K", "page",
        "Whether kintone.proxy takes http:// and any port.",
        "Configs take https addresses alone.",
        why="It takes a server of one's own that listens there.",
    ),
    Fact(
        "comma_headers", "K", "page",
        "Whether a header whose value has commas arrives whole (one project says it was cut).",
        "No header of ours has a comma.",
        why="kintone's own API tells nothing of other headers than its own, so that there is no echo for it.",
    ),
    Fact(
        "handler_order", "E", "page",
        "In which order handlers of the system's, the app's and plug-ins' scripts run; what one that throws ends.",
        "Ours changes nothing of the event and always returns it.",
        why="It takes scripts of the whole system, which a throwaway app has not.",
    ),
    Fact(
        "missing_fields", "E", "page",
        "Whether a field that the user may not see is missing from the record, or empty.",
        "A field that is missing is left out, or stops the run in words where a value is needed.",
        why="It takes a second user; records without a field are among the tests' own.",
    ),
    Fact(
        "unsaved_rows", "E", "page",
        "Which IDs unsaved table rows have, and which built-in fields a record that was never saved has.",
        "Tables are sent as they are; built-in fields only where they are named.",
        why="No service that is started reads them.",
    ),
    Fact(
        "field_codes", "E", "page",
        "Which signs a field code may have.",
        "Codes are compared as they are.",
        why="Any text is taken, so that no rule is needed.",
    ),
    Fact(
        "newer_functions", "E4", "page",
        "What getDomain, user.getGroups and the like give (2025-07 and later), and what came in 2026-05 to 2026-10.",
        "Nothing: the login user's code and language are all that is used.",
        why=_NOTHING_READS_IT,
    ),
    Fact(
        "script_size", "R", "rest",
        "How large one file of a customization may be (a plug-in's: 20 MB), and which level of ECMAScript is allowed.",
        "A script is some tens of kilobytes; it is ES2022.",
        why="A file beyond the limit would stay in kintone, which takes no upload back.",
    ),
    Fact(
        "signatures", "R", "rest",
        "How strictly kintone verifies a plug-in's signature, and whether manifest version 2 is open to all.",
        "What is built has the format of kintone's own packers.",
        why="A plug-in that is signed wrongly is nobody's wish.",
    ),
    Fact(
        "deploy_revision", "R", "rest",
        "Which revision a publish checks, and whether one of a single app can end as canceled.",
        "The revision is that of the settings before publishing; every end but success is told as a failure.",
        why="It takes two administrators at the same moment; the kill and conflict tests play both.",
    ),
    Fact(
        "krewdata.exclusive", "S", "krewdata",
        "Which choices a unit has for runs beside a running one, how many flows it may have, how long it may take and "
        "queue, how large a record may be, and the whole list of error codes.",
        "Waiting is followed as long as `timeout` says; unknown codes are shown as they are.",
        why="They are krewData's settings and lists, which its API does not tell.",
    ),
    Fact(
        "krewdata.parameters", "S", "krewdata",
        "Which execution information a flow can read as a parameter.",
        "Nothing: what a flow does with the record is its own affair.",
        why="Only a flow could show it.",
    ),
)  # fmt: skip
