"""What is not settled of krewData and TROCCO."""

from generator.probe.fact import YES_NO, Fact

_ANSWERS, _JOBS = "tests/test_krewdata_answers.py", "tests/test_trocco_answers.py"
_ERRORS, _SWITCHES = "tests/browser/test_run_errors.py", "tests/browser/test_switches.py"

KREWDATA = (
    Fact(
        "krewdata.http_status", "S1", "krewdata",
        "Whether the HTTP status of an error is the body's code, or always 200: no page joins the two.",
        "The body's code decides where it can be read, else the HTTP status.",
        "krewdata.http_status", {"code": "code", "200": "200"}, tests=(_ANSWERS, _ERRORS),
    ),
    Fact(
        "krewdata.checks", "S1", "krewdata",
        "Of which of two wrong parameters the token's refusal tells: the app's address or the licence.",
        "Words for either.",
        "krewdata.checks", {"app first": "app first", "licence first": "licence first"}, tests=(_SWITCHES,),
    ),
    Fact(
        "krewdata.language", "S1", "krewdata",
        "Whether descriptions are English whatever Accept-Language says.",
        "Words are chosen by code and description, and by the code alone where the text is another one.",
        documented="English alone",
        why="The reference has English texts alone; the report says whether they change.",
    ),
    Fact(
        "krewdata.burn_token_on_error", "S2", "krewdata",
        "Whether a run that was refused uses its token up.",
        "A refused run takes a fresh token on the next click.",
        "krewdata.burn_token_on_error", YES_NO, tests=(_ERRORS,),
    ),
    Fact(
        "krewdata.conflict", "S3", "krewdata",
        "What a run beside a running one comes to: 409, with the other's taskId or not, or a run with code 134.",
        "Words that somebody else runs it; a 409 without taskId after a lost answer may be the own run.",
        "krewdata.conflict", {"409": "409", "134": "134", "409-without-task-id": "409-without-task-id"},
        tests=(_ANSWERS, _ERRORS),
    ),
    Fact(
        "krewdata.status_token", "S3", "krewdata",
        "Whether any token of the unit may ask for a run's status, or only the one that started it.",
        "A page that comes back asks with the run's own token, which it keeps.",
        "krewdata.status_token", {"any": "any", "own": "own"}, tests=(_SWITCHES,),
    ),
    Fact(
        "krewdata.strict_app_id", "S4", "krewdata",
        "Whether appId may be a number: the parameter table says so, the error row demands text.",
        "appId is sent as text.",
        "krewdata.strict_app_id", YES_NO, tests=(_SWITCHES,),
    ),
    Fact(
        "krewdata.status_token_expires", "S4", "krewdata",
        "Whether a token is refused for the status after ten minutes: documented for runs only.",
        "The page then takes a fresh token to go on asking.",
        "krewdata.status_token_expires", YES_NO, tests=("tests/browser/test_run.py",),
        why="Observing it takes eleven minutes of one running unit, which the probe does not do.",
    ),
    Fact(
        "krewdata.rate", "S5", "krewdata",
        "What the sixth run of a minute comes to: 429 for its token, or a run that is logged as failed.",
        "The page keeps below five a minute, and never repeats a 429.",
        "krewdata.rate", {"429": "429", "failure": "failure"}, tests=("tests/test_stub_krewdata.py",),
        why="It disables the unit, so the probe leaves it alone.",
    ),
    Fact(
        "krewdata.zone", "S4", "krewdata",
        "In which zone krewData's times are: Japan's, it seems.",
        "A run's length is the difference of two of them; the zone is never used.",
        why="The product takes differences alone.",
    ),
)  # fmt: skip

TROCCO = (
    Fact(
        "trocco.unauthorized", "T1", "trocco",
        "A wrong key gets 401 with {\"error\":\"Not Authorized\"} (a practitioner's record).",
        "Words by the status; the body is shown under Details.",
        documented="Not Authorized",
        why="The body decides nothing.",
    ),
    Fact(
        "trocco.unknown_definition", "T2", "trocco",
        "Whether a definition that is not there gets 404 or 403 (403 is confirmed for deleted ones).",
        "Both have the same advice: the ID, or what the key may see.",
        "trocco.unknown_definition", {"404": "404", "403": "403"}, tests=(_JOBS,),
        why="The product's tests give it both answers, without the emulator.",
    ),
    Fact(
        "trocco.skipped_in_answer", "T4", "trocco",
        "Whether the answer to a start already says 'skipped' where the definition runs already.",
        "Either way the run ends as skipped, and is never started again by itself.",
        "trocco.skipped_in_answer", YES_NO, tests=("tests/browser/test_trocco.py",),
    ),
    Fact(
        "trocco.started_at_while_running", "T4", "trocco",
        "Whether a job that runs has started_at, or only one that has ended.",
        "Times are shown where there are any.",
        "trocco.started_at_while_running", YES_NO, tests=(_SWITCHES,),
    ),
    Fact(
        "trocco.unreadable", "T4", "trocco",
        "What a key that may start jobs but not see them gets when it asks how one goes: 403 or 401.",
        "Words that the run goes on unseen, and never that the key is wrong.",
        "trocco.unreadable", {"403": "403", "401": "401"}, tests=(_SWITCHES,),
    ),
    Fact(
        "trocco.body_parameters", "T3", "trocco",
        "Whether job_definition_id counts in the body, too: the pages show it in the address.",
        "It is sent in the address, where the plug-in's stored address fixes it.",
        "trocco.body_parameters", YES_NO, tests=(_SWITCHES,),
    ),
    Fact(
        "trocco.blocked_quota", "T4", "trocco",
        "What a start comes to in a month whose quota is used up.",
        "TROCCO's own text is shown.",
        why="Nobody uses up a quota for a probe.",
    ),
    Fact(
        "trocco.retry_waiting", "T4", "trocco",
        "Whether the API gives retry_waiting between a workflow's attempts; whether a new one keeps the job's ID.",
        "A status that is not known to be an end is not one.",
        why="It takes a workflow that fails; unknown statuses are followed all the same.",
    ),
)  # fmt: skip

SERVICES = (*KREWDATA, *TROCCO)
