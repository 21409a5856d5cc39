"""The words: both languages, the same placeholders, every key used, and words for every answer of the services."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.assets import TEMPLATES
from generator.stub.services.krewdata.errors import ERRORS
from generator.stub.services.trocco.errors import ERRORS as TROCCO_ERRORS
from generator.units.unit import SERVICES, Unit
from generator.words import Message, by_language, page_sections, say, sections, used_in
from tests.conftest import JAPANESE
from tests.v8 import WORDS, evaluate

SAY = 'import { createSay } from "./runtime/view/say.js";'
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])
POLITE = re.compile(r"(です|ます|ました|ません|でした|ください)(（[^）]+）)?。$")


def keys() -> Iterator[str]:
    for section, texts in sections("en").items():
        yield from (f"{section}.{key}" for key in texts)


def sources() -> Iterator[Path]:
    for folder in (TEMPLATES, Path(__file__).parent.parent / "generator"):
        for path in folder.rglob("*.*"):
            if path.suffix in {".js", ".jsx", ".py", ".j2"} and "node_modules" not in path.parts:
                yield path


def test_both_languages_have_the_same_keys() -> None:
    assert {section: list(texts) for section, texts in sections("ja").items()} == {
        section: list(texts) for section, texts in sections("en").items()
    }


def test_a_sentence_is_there_in_both_languages_with_the_same_placeholders() -> None:
    japanese, english = sections("ja"), sections("en")
    # A remark in brackets is not a sentence.
    remark = re.compile(r"（[^）]*）")
    for section, name in (key.split(".") for key in keys()):
        ja, en = japanese[section][name], english[section][name]
        at = f"{section}.{name}"
        assert set(re.findall(r"\{\w+\}", ja)) == set(re.findall(r"\{\w+\}", en)), at
        assert not JAPANESE.search(en), at
        assert (ja == "") == (en.strip() == ""), at
        sentences = [one for one in re.findall(r"[^。]+。", remark.sub("", ja)) if JAPANESE.search(one)]
        assert all(map(POLITE.search, sentences)), at


def test_every_key_that_python_or_a_page_of_the_stub_names_is_there() -> None:
    """Of browser modules tsc says so."""
    said = re.compile(r"""(?:\bsay\((?:\w+, )?|\bby_language\(|\bMessage\()["'](\w+\.\w+)["']""")
    code = "".join(path.read_text(encoding="utf-8") for path in sources() if path.suffix in {".py", ".j2"})
    named = set(said.findall(code))
    assert {"init", "probe", "stub", "units"} <= {key.partition(".")[0] for key in named}
    assert named - set(keys()) == set()


def test_every_text_of_python_that_looks_like_a_key_of_the_command_line_is_one() -> None:
    """Also those that a condition or a table chooses."""
    own = sections("en").keys() - page_sections("en").keys()
    code = "".join(path.read_text(encoding="utf-8") for path in sources() if path.suffix == ".py")
    found = {f"{section}.{key}" for section, key in re.findall(r"[\"'](\w+)\.(\w+)[\"']", code) if section in own}
    files = {key for key in found if key.endswith((".json", ".yaml", ".js", ".html", ".css", ".py"))}
    assert found - files - set(keys()) == set()


def test_every_key_is_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sources())
    named = set(re.findall(r"[\"'](\w+\.\w+)[\"']", code))
    whole = set(re.findall(r"`(\w+)\.\$\{", code))
    assert {key for key in keys() if key not in named and key.split(".")[0] not in whole} == set()


@pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))
def test_the_sentences_that_units_name_are_there(service: type[Unit]) -> None:
    named = [service.service_words, service.secret_words or service.service_words]
    for sentence in (*named, *(refusal.words for refusal in service.refusals()), *(one.words for one in service.asked)):
        assert all(by_language(sentence).values())


def test_a_script_gets_the_sentences_that_it_names() -> None:
    script = 'say("page.close"); say("krewdata.licence"); say(`last.${state}`); say("nothing.of"); "page.no";'
    assert used_in(script, ["en"]) == {
        "en": {
            "page": {"close": sections("en")["page"]["close"]},
            "krewdata": {"licence": sections("en")["krewdata"]["licence"]},
            "last": sections("en")["last"],
        }
    }


@pytest.mark.parametrize(("language", "others"), [("ja", "en"), ("en", "ja"), ("zh", "ja")])
def test_the_page_and_python_say_the_same(language: str, others: str) -> None:
    own = "ja" if language == "ja" else "en"
    values = {"label": "$& {n} <b>", "n": 3}
    code = """
      const say = createSay(language, words);
      const text = { ja: "「{label}」{n}{x}", en: "“{label}” {n} {x}" };
      return [say("page.confirmBody", values), say(text, values), say("page.confirmBody", { label: text }),
        createSay(language, { [others]: words[others] })("page.close"), say("page.of.no"), say("no.key")];"""
    said = evaluate(SAY, code, language=language, others=others, words=WORDS, values=values)
    expected = {"ja": "「$& {n} <b>」3{x}", "en": "“$& {n} <b>” 3 {x}"}[own]
    assert said[:2] == [say(own, "page.confirmBody", **values), expected]
    assert "{label}" in said[2]
    assert said[3] == say(others, "page.close")
    assert said[4:] == [say(own, "page.of"), ""]


def test_a_sentence_of_another_shape_from_the_storage_is_empty() -> None:
    code = """
      const say = createSay("en", { en: { page: {} } });
      return [{}, { en: {} }, { de: 1 }, 5, [], "page.__proto__", "page"].map((one) => say(one));"""
    assert evaluate(SAY, code) == [""] * 7


@LANGUAGES
def test_every_row_of_krewdatas_tables_has_words(language: str) -> None:
    rows = [[call, row.description] for call, table in ERRORS.items() for row in table]
    imports = f'import {{ errorText }} from "./runtime/services/krewdata-errors.js";\n{SAY}'
    code = """
      const say = createSay(language, words);
      return rows.map(([call, description]) => {
        const { happened, advice, values } = errorText(call, description);
        return [say(happened, values), say(advice, values)];
      });"""
    said = evaluate(imports, code, rows=rows, language=language, words=WORDS)
    for text in (text for row in said for text in row):
        assert bool(JAPANESE.search(text)) == (language == "ja"), text
        assert "{" not in text
        assert "undefined" not in text


@LANGUAGES
def test_every_answer_of_trocco_has_words(language: str) -> None:
    refusals = sorted({answer.status for answer in TROCCO_ERRORS.values() if 400 <= answer.status < 500})
    imports = f'import {{ jobErrorText, jobOutcomes }} from "./runtime/services/trocco-errors.js";\n{SAY}'
    code = """
      const say = createSay(language, words);
      const refused = refusals.map((status) => jobErrorText(status, "startRefused"));
      const others = [[0, "startLost"], [0, "statusLost"], [403, "statusRefused"]].map((it) => jobErrorText(...it));
      const all = [...refused, ...others, ...Object.values(jobOutcomes)];
      return all.map(({ happened, advice }) => [say(happened), say(advice)]);"""
    said = evaluate(imports, code, refusals=[*refusals, 418], language=language, words=WORDS)
    assert len(said) >= 13
    for text in (text for pair in said for text in pair):
        assert bool(JAPANESE.search(text)) == (language == "ja"), text


@LANGUAGES
def test_durations_are_said_without_parts_that_say_nothing(language: str) -> None:
    exact = {0: "0秒", 400: "0秒", 59_600: "1分", 90_000: "1分30秒", 3_600_000: "1時間", 3_725_000: "1時間2分"}
    about = {
        **{7_000: "7秒", 40_400: "40秒", 59_900: "1分", 60_000: "1分", 89_000: "1分", 95_000: "2分", 1_803_000: "30分"},
        **{3_599_000: "1時間", 4_500_000: "1時間20分", 7_300_000: "2時間"},
    }
    code = """
      const say = createSay(language, words);
      return [exact.map((it) => spoken(it, say)), about.map((it) => roughly(it, say))];"""
    imports = f'import {{ roughly, spoken }} from "./runtime/view/duration.js";\n{SAY}'
    said = evaluate(imports, code, exact=list(exact), about=list(about), language=language, words=WORDS)
    if language == "ja":
        assert said == [list(exact.values()), list(about.values())]
    else:
        assert said[0] == ["0 s", "0 s", "1 min", "1 min 30 s", "1 h", "1 h 2 min"]


def test_a_value_from_elsewhere_cannot_control_a_terminal_or_begin_a_line() -> None:
    """An app's name or a service's message may have any character; sentences have their own line ends."""
    named = Message("text.namedApp", app=45, name="a\x1b]0;b\x07\u202ec\r\nd👩\u200d👧")
    assert str(named) == "a\ufffd]0;b\ufffd\ufffdc  d👩\u200d👧 (app 45)"
    assert str(Message("text.both", one=named, other=("e\nf", "g"))) == f"{named}e f, g"
    assert "\n" in say("en", "logApp.unfinished", app=1, command="", page="")
