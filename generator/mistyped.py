"""Messages for typical YAML mistakes, above all the full-width signs of Japanese keyboards. No I/O."""

import re
import unicodedata

import yaml

from generator.words import Message, Text

# A sign that YAML does not know: the text before it in the line, the sign, its name and what to type.
_WIDE = [
    (r"^[ \t]*(?:- +)*[\w-]+ *", "：", "yaml.wideColon"),
    (r"^[ \t]*(?:- *)*", "[\u3000\xa0]", "yaml.wideIndent"),
    (r"^[^#'\"]*?[:,\[-] *", "[\u3000\xa0]", "yaml.wideSpace"),
    (r"^[^#'\"]*?[:,\[-] *", "[“”„＂]", "yaml.wideDoubleQuote"),
    (r"^[^#'\"]*?[:,\[-] *", "[‘’＇]", "yaml.wideSingleQuote"),
    (r"^[^#'\"]*?[:,-] *", "[［｛]", "yaml.wideBracket"),
]
_LINES_BACK = 4  # YAML reports a fault in a line only at the next line with a key.
# Problems that full-width letters or digits may cause.
_WIDE_MATTERS = {
    "problem.wholeNumber",
    "problem.duration",
    "problem.flag",
    "problem.unknownValue",
    "problem.unknownValueNear",
    "problem.unknownService",
    "problem.unknownServiceNear",
}

# By a part of PyYAML's own words.
_PROBLEMS = {
    "mapping values are not allowed": "yaml.secondColon",
    "undefined alias": "yaml.alias",
    "occurrence": "yaml.anchor",
    "expected ':'": "yaml.colon",
}


def in_yaml(error: yaml.MarkedYAMLError, text: str) -> tuple[Message, int, int]:
    """The problem of `text`, which is not valid YAML, with line and column from 1."""
    mark = error.problem_mark or error.context_mark
    assert mark  # noqa: S101 - the scanner, the parser and the composer say where.
    lines = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text)
    for at in range(min(mark.line, len(lines) - 1), max(mark.line - _LINES_BACK, 0) - 1, -1):
        for before, sign, key in _WIDE:
            if found := re.match(f"{before}({sign})", lines[at]):
                return Message("yaml.not", why=Message(key)), at + 1, found.start(1) + 1
    return Message("yaml.not", why=_reason(error, lines)), mark.line + 1, mark.column + 1


def in_value(written: str, problem: Message) -> Message:
    """The problem, and the full-width sign that caused it, if any."""
    if problem.key == "problem.mapping" and (key := re.match(r"([\w-]+)：", written)):
        return problem + Message("problem.wideColon", key=key[1])
    plain = unicodedata.normalize("NFKC", written)
    if plain != written and plain.isascii() and "$" not in plain and problem.key in _WIDE_MATTERS:
        return problem + Message("problem.wide", written=written, plain=plain)
    return problem


def other_unicode(content: bytes) -> str:
    """Which other encoding of Unicode the bytes of a text file are in; empty for UTF-8, and for none of them."""
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    # Without a byte order mark, the zero bytes of Latin letters identify it.
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:200].count(0) > len(content[:200]) / 3:
        return "UTF-16"
    return ""


def japanese_encoding(content: bytes) -> str:
    """Which encoding of Japanese from before Unicode the bytes seem to be in; empty where none fits."""
    for encoding, name in (("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Half-width kana is what other encodings look like in Shift_JIS.
        kana = len(re.findall("[\u3040-\u30ff\u4e00-\u9fff]", text))
        if kana > len(re.findall("[\uff61-\uff9f]", text)):
            return name
    return ""


def _reason(error: yaml.MarkedYAMLError, lines: list[str]) -> Text:
    """PyYAML's problem in Runbutton's words: its own are English, and may repeat secret names and values."""
    problem, mark = error.problem or "", error.problem_mark
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    at = line[mark.column : mark.column + 1] if mark else ""
    if "tab character" in problem:
        return Message("yaml.tab")
    if "cannot start any token" in problem:
        return Message("yaml.tab") if at == "\t" else Message("yaml.start", sign=at)
    for words, key in _PROBLEMS.items():
        if words in problem:
            return Message(key)
    # "while parsing a flow mapping", "while scanning a quoted scalar", "while parsing a block collection".
    begun = error.context_mark or mark
    kinds = (("flow", "yaml.flow"), ("quoted", "yaml.quote"), ("block", "yaml.block"))
    key = next((key for word, key in kinds if begun and word in (error.context or "")), "yaml.other")
    return Message(key, line=begun.line + 1 if begun else 0)
