"""What people type instead of YAML, in words: above all what Japanese keyboards give for its signs. No I/O."""

import re
import unicodedata

import yaml

# A sign that YAML does not know: what stands before it in a line, the sign, what it is and what to type.
_WIDE = [
    (r"^[ \t]*(?:- +)*[\w-]+ *", "：", "a full-width colon; type : and a space"),
    (r"^[ \t]*(?:- *)*", "[\u3000\xa0]", "a full-width or no-break space; indent with plain spaces"),
    (r"^[^#'\"]*?[:,\[-] *", "[\u3000\xa0]", "a full-width or no-break space; type a plain one"),
    (r"^[^#'\"]*?[:,\[-] *", "[“”„＂]", 'a full-width quotation mark; type "'),
    (r"^[^#'\"]*?[:,\[-] *", "[‘’＇]", "a full-width quotation mark; type '"),
    (r"^[^#'\"]*?[:,-] *", "[［｛]", "a full-width bracket; type [ or {"),
]
_LINES_BACK = 4  # YAML sees a fault in a line only at the next one that has a key.
_JUDGED_AS_WORDS = ("must be a whole number", "must be a number", "must be true", "unknown ")


def in_yaml(error: yaml.MarkedYAMLError, text: str) -> tuple[str, int, int]:
    """What is wrong with `text`, which is not YAML, with line and column from 1."""
    mark = error.problem_mark or error.context_mark
    assert mark  # noqa: S101 - the scanner, the parser and the composer say where.
    lines = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text)
    for at in range(min(mark.line, len(lines) - 1), max(mark.line - _LINES_BACK, 0) - 1, -1):
        for before, sign, words in _WIDE:
            if found := re.match(f"{before}({sign})", lines[at]):
                return f"is not YAML: {found[1].strip() or 'this'} is {words}", at + 1, found.start(1) + 1
    return f"is not YAML: {_in_words(error, lines)}", mark.line + 1, mark.column + 1


def in_value(written: str, problem: str) -> str:
    """What to say behind a value's problem where a full-width sign is its reason; nothing for most."""
    if problem.startswith("must be a mapping") and (key := re.match(r"([\w-]+)：", written)):
        return f"; {key[1]} has a full-width colon (：) behind it; type : and a space"
    plain = unicodedata.normalize("NFKC", written)
    if plain != written and plain.isascii() and "$" not in plain and problem.startswith(_JUDGED_AS_WORDS):
        return f"; {written} is in full-width letters or digits; type {plain}"
    return ""


def other_unicode(content: bytes) -> str:
    """Which other encoding of Unicode the bytes of a text file are in; empty for UTF-8, and for none of them."""
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    # Without a mark at the beginning, the zeros of Latin letters give it away.
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


def _in_words(error: yaml.MarkedYAMLError, lines: list[str]) -> str:
    """PyYAML's problem without the names and values that its own text may repeat: one may be a secret."""
    problem, mark = error.problem or "", error.problem_mark
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    at = line[mark.column : mark.column + 1] if mark else ""
    if "cannot start any token" in problem:
        return (
            "indent with spaces, not with a tab" if at == "\t" else f"a value cannot start with {at}; put it in quotes"
        )
    if "mapping values are not allowed" in problem:
        return "a second : in one line, or a wrong indentation; put a value that has : in quotes"
    if "undefined alias" in problem:
        return "no anchor has this alias's name; put a value that starts with * in quotes"
    if "occurrence" in problem:
        return "two anchors have the same name; give each its own, and put a value that starts with & in quotes"
    if error.context and error.context_mark and error.context_mark.line != (mark.line if mark else None):
        problem = f"{problem} ({error.context} that starts in line {error.context_mark.line + 1})"
    return re.sub(r" ('[^']{2,}'|\"[^\"]{2,}\")$", "", problem)
