"""The page's words: both languages, the same placeholders, and words for every answer of the services."""

import json
import re
from pathlib import Path

import pytest

from generator.assets import TEMPLATES
from generator.stub.services.krewdata.errors import ERRORS
from generator.stub.services.trocco.errors import ERRORS as TROCCO_ERRORS
from tests.conftest import JAPANESE
from tests.v8 import evaluate

SAY = 'import { createSay } from "./runtime/say.js";'
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])

MESSAGES = sorted((TEMPLATES / "runtime").rglob("*messages.js"))
PAIR = re.compile(r'ja:\s*("(?:[^"\\]|\\.)*"),\s*en:\s*("(?:[^"\\]|\\.)*")')
POLITE = re.compile(r"(です|ます|ました|ません|でした|ください)(（[^）]+）)?。$")


@pytest.mark.parametrize("path", MESSAGES, ids=[path.stem for path in MESSAGES])
def test_every_sentence_is_there_in_both_languages_with_the_same_placeholders(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    pairs = [(json.loads(ja), json.loads(en)) for ja, en in PAIR.findall(source)]
    assert len(pairs) == len(re.findall(r"\bja:", source)) == len(re.findall(r"\ben:", source)) > 0
    for ja, en in pairs:
        assert set(re.findall(r"\{\w+\}", ja)) == set(re.findall(r"\{\w+\}", en)), ja
        assert not JAPANESE.search(en), en
        assert (ja == "") == (en.strip() == "")
        sentences = [sentence for sentence in re.findall(r"[^。]+。", ja) if JAPANESE.search(sentence)]
        assert all(map(POLITE.search, sentences)), ja


@LANGUAGES
def test_every_row_of_krewdatas_tables_has_words(language: str) -> None:
    rows = [[call, row.description] for call, table in ERRORS.items() for row in table]
    imports = f'import {{ errorText }} from "./runtime/services/krewdata-messages.js"; {SAY}'
    code = """
      const say = createSay(language);
      return rows.map(([call, description]) => {
        const { happened, advice, values } = errorText(call, description);
        return [say(happened, values), say(advice, values)];
      });"""
    said = evaluate(imports, code, rows=rows, language=language)
    for text in (text for row in said for text in row):
        assert bool(JAPANESE.search(text)) == (language == "ja"), text
        assert "{" not in text
        assert "undefined" not in text


@LANGUAGES
def test_every_answer_of_trocco_has_words(language: str) -> None:
    refusals = sorted({answer.status for answer in TROCCO_ERRORS.values() if 400 <= answer.status < 500})
    imports = f'import {{ jobErrorText, outcomeTexts }} from "./runtime/services/trocco-messages.js"; {SAY}'
    code = """
      const say = createSay(language);
      const refused = refusals.map((status) => jobErrorText(status, "startRefused"));
      const others = [[0, "startLost"], [0, "statusLost"], [403, "statusRefused"]].map((it) => jobErrorText(...it));
      const all = [...refused, ...others, ...Object.values(outcomeTexts)];
      return all.map(({ happened, advice }) => [say(happened), say(advice)]);"""
    said = evaluate(imports, code, refusals=[*refusals, 418], language=language)
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
      const say = createSay(language);
      return [exact.map((it) => spoken(it, say)), about.map((it) => roughly(it, say))];"""
    imports = f'import {{ roughly, spoken }} from "./runtime/duration.js"; {SAY}'
    said = evaluate(imports, code, exact=list(exact), about=list(about), language=language)
    if language == "ja":
        assert said == [list(exact.values()), list(about.values())]
    else:
        assert said[0] == ["0 s", "0 s", "1 min", "1 min 30 s", "1 h", "1 h 2 min"]
