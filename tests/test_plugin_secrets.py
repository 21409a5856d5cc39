"""The settings page's own rules, in a JavaScript engine: it refuses the same secrets as `runbutton check`."""

import base64
from typing import Any

import pytest

from generator.invisible import trim
from generator.units.krewdata import KrewDataUnit
from generator.units.trocco import TroccoJobUnit
from generator.units.unit import Unit
from tests.sample_units import JOB, KREWDATA, WORKFLOW, unit
from tests.v8 import evaluate

SERIAL = "FAKE01-FAKE02-FAKE03-FAKE04-FAKE05"
SECRETS = [
    *("a b", "a\tb", "a\nb", "ＡＢＣ１２３", "日本", "a\u200bb", "a\x7fb", "a\u0000b", "😀", "é", "ſ", "K"),
    *("Token abc", "token abc", "TOKEN\u3000a", "Token", "Tokenabc", "a Token b", "tra_FAKE", "xtra_FAKE", "tra_"),
    *("x" * 1000, "x" * 1001, "x" * 300_000, SERIAL, f"x{SERIAL}", SERIAL[:-7], SERIAL[:20]),
    *(base64.b64encode(text.encode()).decode() for text in (SERIAL, "FAKE0123", "FAKE012", "日本語日本語")),
    *(
        "$TROCCO_API_KEY",
        "${TROCCO_API_KEY}",
        "${{ secrets.KEY }}",
        "$(cat key)",
        "%KEY%",
        "<your-key>",
        "{{ key }}",
        "$a",
    ),
    *('"tra_FAKE"', "'tra_FAKE'", "`tra_FAKE`", "“tra_FAKE”", "「tra_FAKE」", "\"tra_FAKE'", '"', "''", 'a"b"'),
    *("\ufefftra_FAKE\r\n", "\u3000tra_FAKE\u3000", "\u2028tra_FAKE", "\x1ctra_FAKE", "\x85tra_FAKE", "\u200btra_FAKE"),
    *("Zm9v", "RkFLRTAxLUZBS0UwMi1GQUtFMDM", "0123456789abcdef", "====", "a=b", "!~"),
]


# A browser function that the engine lacks.
BASE64 = """
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  globalThis.btoa = (text) => {
    let made = "";
    for (let at = 0; at < text.length; at += 3) {
      const [a, b, c] = [0, 1, 2].map((n) => text.charCodeAt(at + n) || 0);
      const bits = (a << 16) | (b << 8) | c;
      const four = [bits >> 18, (bits >> 12) & 63, (bits >> 6) & 63, bits & 63].map((sign) => signs[sign]).join("");
      made += four.slice(0, Math.min(text.length - at, 3) + 1).padEnd(4, "=");
    }
    return made;
  };
  globalThis.atob = (text) => {
    const plain = text.replace(/={1,2}$/, "");
    if (/[^A-Za-z0-9+/]/.test(plain) || plain.length % 4 === 1) throw new Error("no Base64");
    let made = "";
    for (let at = 0, bits = 0, held = 0; at < plain.length; at++) {
      bits = ((bits << 6) | signs.indexOf(plain[at])) & 0xffff;
      held += 6;
      if (held >= 8) { held -= 8; made += String.fromCharCode((bits >> held) & 255); }
    }
    return made;
  };
"""


def judged(model: type[Unit]) -> list[Any]:
    """The page's message for each secret."""
    code = BASE64 + "return secrets.map((secret) => problemWith(secret.trim(), refusals));"
    refusals = [refusal.for_page() for refusal in model.refusals()]
    imports = 'import { problemWith } from "./plugin/secrets.js";'
    found: list[Any] = evaluate(imports, code, secrets=SECRETS, refusals=refusals)
    return found


@pytest.mark.parametrize("model", [KrewDataUnit, TroccoJobUnit])
def test_the_page_refuses_what_check_refuses_in_the_same_words(model: type[Unit]) -> None:
    expected = [
        next((refusal.for_page()["words"] for refusal in model.refusals() if refusal.refuses(trim(secret))), None)
        for secret in SECRETS
    ]
    assert judged(model) == expected
    assert 5 < expected.count(None) < len(SECRETS) - 5


def settings_units(*units: Any) -> list[Any]:
    return [
        {
            "id": each.id,
            "account": each.account,
            "requests": [{**request._asdict(), "mark": request.mark} for request in each.stored_requests()],
        }
        for each in units
    ]


def test_units_that_share_an_address_are_one_group_with_each_request_once() -> None:
    units = [
        unit(KREWDATA),
        unit(JOB),
        unit(WORKFLOW),
        unit(JOB, id="other", job_definition_id=7),
        unit(JOB, id="elsewhere", base_url="https://in.trocco.io"),
        unit(KREWDATA, id="again"),
    ]
    code = (
        "return groupUnits(units).map(({ units, requests }) => [units.map(({ id }) => id), requests.map(addressOf)]);"
    )
    imports = 'import { addressOf, groupUnits } from "./plugin/groups.js";'
    groups = evaluate(imports, code, units=settings_units(*units))

    assert [ids for ids, _ in groups] == [
        ["recalculate", "again"],
        ["load-sales", "other"],
        ["nightly"],
        ["elsewhere"],
    ]
    addresses = [address for _, of_group in groups for address in of_group]
    assert len(addresses) == len(set(addresses))
    assert set(addresses) == {request.address for each in units for request in each.stored_requests()}


def test_units_of_one_account_share_a_card() -> None:
    second = "https://api.krewdata.grapecity.com/trigger/v1/second"
    some = [
        unit(KREWDATA),
        unit(JOB),
        unit(WORKFLOW),
        unit(KREWDATA, id="second", url=second),
        unit(JOB, id="elsewhere", base_url="https://in.trocco.io"),
    ]
    code = """
      const accounts = byAccount(groupUnits(units));
      return accounts.map((groups) => [groups.length, joined(groups).units.map(({ id }) => id)]);
    """
    imports = 'import { byAccount, groupUnits, joined } from "./plugin/groups.js";'
    assert evaluate(imports, code, units=settings_units(*some)) == [
        [2, ["recalculate", "second"]],
        [2, ["load-sales", "nightly"]],
        [1, ["elsewhere"]],
    ]


@pytest.mark.parametrize(
    ("revisions", "objections"),
    [
        (["5", "5", "8", "8"], [None, None]),
        (["5", "6", "6", "6"], ["settings.moved", None]),
        (["5", "5", "8", "9"], [None, "settings.moved"]),
        ([None, "5", "5", "5"], ["settings.unchecked", None]),
        (["5", None, "5", "5"], ["settings.unchecked", None]),
        (["5", "never", "5", "5"], ["settings.unchecked", None]),
    ],
)
def test_a_page_knows_whether_the_settings_were_changed_since_it_read_them(
    revisions: list[Any], objections: list[Any]
) -> None:
    """Read at load, before a save, after it, and before the next one."""
    code = """
      let asked = 0;
      const read = async () => {
        const found = revisions[asked++];
        if (found === "never") return new Promise(() => {});
        if (!found) throw new Error("no");
        return found;
      };
      const sleep = async () => { for (let turn = 0; turn < 9; turn++) await null; };
      const revision = createRevision(read, { sleep });
      const first = await revision.objection();
      revision.renew();
      return [first, await revision.objection()];
    """
    imports = 'import { createRevision } from "./plugin/revision.js";'
    assert evaluate(imports, code, revisions=revisions) == objections


COMPARED = """
  const entry = filled(request, "FAKE-0123");
  const headers = Object.fromEntries(Object.entries(entry.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const empty = { ...entry, data: { ...entry.data, serialNumber: "" } };
  const more = { headers: entry.headers, data: { ...entry.data, more: "1" } };
  const entries = [entry, { ...entry, headers }, empty, null, { headers: {}, data: {} }, more];
  return [entry, compare(moved, entry), ...entries.map((each) => compare(request, each))];
"""


def test_what_is_stored_is_compared_without_its_secret() -> None:
    (request,) = settings_units(unit(KREWDATA))[0]["requests"]
    (moved,) = settings_units(unit(KREWDATA, krewdata_app_url="https://yourdomain.cybozu.com/k/777"))[0]["requests"]
    code = f"{BASE64}{COMPARED}"
    imports = 'import { compare, filled } from "./plugin/secrets.js";'
    entry, *found = evaluate(imports, code, request=request, moved=moved)
    assert base64.b64decode(entry["data"]["serialNumber"]) == b"FAKE-0123"
    assert found == ["other", "same", "same", "other", "none", "none", "other"]


@pytest.mark.parametrize(
    ("answers", "went", "calls"),
    [
        ([True, True], [True, True], 2),
        ([False, True, True], [True, True], 3),
        ([False, False, False, True], [False, True], 4),
        ([None] * 9, [False, False], 6),
    ],
)
def test_saves_wait_for_each_other_are_repeated_and_end(answers: list[Any], went: list[bool], calls: int) -> None:
    code = """
      let now = 0, made = 0, last = -Infinity, busy = false;
      const clock = { now: () => now, sleep: async (delay) => { now += delay; } };
      const save = async () => {
        if (busy || now - last < 100) throw new Error("too soon");
        busy = true;
        const answer = answers[made++];
        if (answer === null) now += 10_000;
        busy = false;
        last = now;
        if (!answer) throw new Error("lost");
      };
      return [await saveAll([save, save], clock, () => {}), made, now];
    """
    found, made, took = evaluate('import { saveAll } from "./plugin/save.js";', code, answers=answers)
    assert (found, made) == (went, calls)
    assert took <= 75_000


def test_as_many_saves_as_there_are_go_on_while_kintone_confirms_them() -> None:
    code = """
      let now = 0;
      const clock = { now: () => now, sleep: async (delay) => { now += delay; } };
      const save = async () => { now += 700; };
      return (await saveAll(Array(101).fill(save), clock, () => {})).filter((went) => !went).length;
    """
    assert evaluate('import { saveAll } from "./plugin/save.js";', code) == 0
