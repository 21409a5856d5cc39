"""JavaScript as esbuild prints it, token by token, with what each name is to its scope.

esbuild has one way of writing each program: no JSX, a semicolon behind every statement, division between spaces, the
body of an `if` without braces on a line of its own. Only so can a few rules tell a name from a key, and a regular
expression from a division; this reads no JavaScript that people wrote.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>/\*.*?\*/|//[^\n]*)
    | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<word>\#?(?:[\w$]|\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]+\})+)
    | (?P<sign>=>|\.\.\.|\?\.(?!\d)|\?\?|\+\+|--|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE_PART = re.compile(r"[`}](?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_REGEX = re.compile(r"/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")

# After these words a value begins; after any other, an operator may follow.
_BEFORE_A_VALUE = frozenset(
    re.findall(r"\w+", "return typeof instanceof in of new delete void throw case do else yield await default")
)
_BEFORE_A_BLOCK = frozenset((")", "=>", ";", "}", "else", "do", "try", "finally", "catch"))
_MODIFIERS = frozenset(("get", "set", "async", "static", "*"))


@dataclass(slots=True)
class Token:
    """A piece of the text. `role` is for words that stand for a variable, or might."""

    kind: Literal["space", "comment", "text", "word", "sign", "template", "regex"]
    text: str
    depth: int = 0
    """How many brackets it is inside of."""
    role: Literal["reference", "shorthand", "property"] | None = None
    """`shorthand` is a key and a reference at once, as in `{ a }`; `property` is the name of no variable."""


@dataclass(slots=True)
class ObjectLiteral:
    """An object or a pattern: each key with the places of its first token and of the sign behind its value."""

    keys: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Bracket:
    kind: Literal["(", "[", "block", "object", "class", "template"]
    literal: ObjectLiteral = field(default_factory=ObjectLiteral)
    ternaries: int = 0
    class_head: bool = False
    value_follows: bool = True
    """Whether what comes behind the last colon is a value, and not a statement behind a label."""
    key_at: int = 0
    in_value: bool = False
    """Whether the name of an object's or a class's member is over."""


@dataclass
class Code:
    """The tokens of a text, one after the other, and the objects among them."""

    tokens: list[Token]
    objects: list[ObjectLiteral]

    def significant(self) -> Iterator[int]:
        """The places of all tokens but spaces and comments."""
        return (at for at, token in enumerate(self.tokens) if token.kind not in ("space", "comment"))


def read(text: str) -> Code:
    """The tokens of what esbuild printed, with their roles."""
    code = Code(list(_split(text)), [])
    _judge(code)
    return code


def plain(tokens: Iterable[Token]) -> str:
    """The tokens as text again, without comments and indentation; what templates hold stays as it is."""
    parts: list[str] = []
    after_comment = False
    for token in tokens:
        if token.kind == "space":
            if "\n" in token.text:
                parts.append("\n")
            elif not after_comment:
                parts.append(token.text)
        elif token.kind != "comment":
            parts.append(token.text)
        after_comment = token.kind == "comment"
    return re.sub(r"^\n+", "", "".join(parts))


def without_keys(code: Code, among: frozenset[str], dropped: frozenset[str]) -> None:
    """Takes the `dropped` keys out of all objects whose keys are exactly `among`."""
    gone: set[int] = set()
    for found in code.objects:
        if {key for key, _, _ in found.keys} != among:
            continue
        kept = [at for at, (key, _, _) in enumerate(found.keys) if key not in dropped]
        for at, (_, start, stop) in enumerate(found.keys):
            if at not in kept:
                # With a key goes the comma behind it; with those behind the last one that stays, the comma before them.
                last = kept and at > kept[-1]
                first = found.keys[at - 1][2] if last else start
                gone |= set(range(first, stop if last else found.keys[at + 1][1] if at + 1 < len(found.keys) else stop))
    for at in gone:
        code.tokens[at] = Token("comment", "")


def _split(text: str) -> Iterator[Token]:
    at = 0
    before = Token("sign", ";")
    open_signs: list[str] = []
    while at < len(text):
        found = None
        if text[at] == "`" or (text[at] == "}" and open_signs[-1:] == ["`"]):
            found, kind = _TEMPLATE_PART.match(text, at), "template"
        elif text[at] == "/" and _starts_a_regex(text, at, before):
            found, kind = _REGEX.match(text, at), "regex"
        if found is None:
            found = _TOKEN.match(text, at)
            assert found  # its last form takes anything  # noqa: S101
            kind = str(found.lastgroup)
        token = Token(kind, found.group(), len(open_signs))  # type: ignore[arg-type]
        if kind == "template":
            if token.text[0] == "}":
                open_signs.pop()
                token.depth -= 1
            if token.text.endswith("${"):
                open_signs.append("`")
        elif kind == "sign" and token.text in "([{":
            open_signs.append(token.text)
        elif kind == "sign" and token.text in ")]}" and open_signs:
            open_signs.pop()
            token.depth -= 1
        yield token
        if kind not in ("space", "comment"):
            before = token
        at = found.end()


def _starts_a_regex(text: str, at: int, before: Token) -> bool:
    ends_a_value = before.kind in ("text", "template", "regex") or before.text in (")", "]", "}", "++", "--")
    ends_a_value |= before.kind == "word" and before.text not in _BEFORE_A_VALUE
    # esbuild puts a division between spaces, and never at the beginning of a line.
    return not (ends_a_value and re.compile(r" /=? ").match(text, at - 1))


def _judge(code: Code) -> None:
    """Gives each word its role, and finds the objects."""
    places = list(code.significant())
    tokens = [*(code.tokens[at] for at in places), Token("sign", "")]
    brackets = [_Bracket("block")]
    for n, token in enumerate(tokens[:-1]):
        before, after = tokens[n - 1] if n else Token("sign", ";"), tokens[n + 1]
        inside = brackets[-1]
        if before.text == ";" or (before.text in ("{", ",") and inside.kind == "object"):
            inside.in_value = False
            inside.key_at = n
        if token.kind == "word":
            token.role = _role(token, before, after, inside)
            if token.text == "class" and token.role == "reference" and after.text not in (":", ",", "}", "("):
                inside.class_head = True
        elif token.kind == "template":
            if token.text[0] == "}":
                brackets.pop()
            if token.text.endswith("${"):
                brackets.append(_Bracket("template"))
        elif token.text in (",", "}") and inside.kind == "object":
            if inside.key_at < n:
                key = tokens[inside.key_at].text.strip("\"'")
                inside.literal.keys.append((key, places[inside.key_at], places[n]))
            if token.text == "}":
                code.objects.append(inside.literal)
                brackets.pop()
        elif token.kind == "sign":
            _step(brackets, token.text, before)


def _step(brackets: list[_Bracket], sign: str, before: Token) -> None:
    inside = brackets[-1]
    match sign:
        case "(" | "[":
            brackets.append(_Bracket(sign))
        case "{":
            brackets.append(_Bracket(_kind_of_brace(inside, before)))
        case ")" | "]" | "}" if len(brackets) > 1:
            brackets.pop()
        case "?":
            inside.ternaries += 1
        case "=":
            inside.in_value = True
        case ":":
            inside.value_follows = inside.kind != "block" or inside.ternaries > 0
            inside.ternaries -= inside.ternaries > 0
            inside.in_value = True


def _kind_of_brace(inside: _Bracket, before: Token) -> Literal["block", "object", "class"]:
    if inside.class_head:
        inside.class_head = False
        return "class"
    if before.kind == "template":
        return "object" if before.text.endswith("${") else "block"
    if before.text in _BEFORE_A_BLOCK or (before.text == "{" and inside.kind == "block"):
        return "block"
    if before.text == "static" and inside.kind == "class":
        return "block"
    return "object" if before.text != ":" or inside.value_follows else "block"


def _role(token: Token, before: Token, after: Token, inside: _Bracket) -> Literal["reference", "shorthand", "property"]:
    if token.text[0] == "#" or before.text in (".", "?.") or before.text in ("break", "continue"):
        return "property"
    if inside.kind == "class" and not inside.in_value and before.text in ("{", ";", "}", *_MODIFIERS):
        return "property"
    if inside.kind == "object":
        if before.text in ("{", ","):
            if after.text in (",", "}", "="):
                return "shorthand"
            modifies = token.text in _MODIFIERS and (after.kind in ("word", "text") or after.text in ("[", "*"))
            return "property" if after.text in (":", "(") or modifies else "reference"
        if not inside.in_value and before.text in _MODIFIERS and after.text == "(":
            return "property"
    label = inside.kind == "block" and not inside.ternaries and after.text == ":" and before.text in (";", "{", "}")
    return "property" if label else "reference"
