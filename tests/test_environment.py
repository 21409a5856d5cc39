from pathlib import Path

import pytest

from generator.environment import read_env_text, with_env_file
from generator.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1\nB=two words\n", {"A": "1", "B": "two words"}),
        ("# a comment\n\n  export A = 1  \r\nB=", {"A": "1", "B": ""}),
        ("A=https://example.com/#part # a comment\nB= # nothing\n", {"A": "https://example.com/#part", "B": ""}),
        ('A=\'a # \\n $B\'\nB="a # \\n \\"b\\" \\$ \\\\d" # c', {"A": "a # \\n $B", "B": 'a # \n "b" $ \\d'}),
        ("A='#abc'\nB=\"#abc\"\nC=a#b", {"A": "#abc", "B": "#abc", "C": "a#b"}),
        (
            "A='C:\\keys\\new'\nB=C:\\keys\\new\nC=\"C:\\\\keys\"",
            {"A": "C:\\keys\\new", "B": "C:\\keys\\new", "C": "C:\\keys"},
        ),
        ('KEY="-----BEGIN\nabc\n-----END"\nB=2', {"KEY": "-----BEGIN\nabc\n-----END", "B": "2"}),
        ("A=it's\nB='${A}'\nC=\"\\${A}\"\nD=$A", {"A": "it's", "B": "${A}", "C": "${A}", "D": "$A"}),
        ("A=1\nA=2", {"A": "2"}),
        ("", {}),
    ],
)
def test_a_text_is_read(text: str, found: dict[str, str]) -> None:
    assert read_env_text(text, ".env") == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KREWDATA_SERIAL_NUMBER=#hunter", "1:1: KREWDATA_SERIAL_NUMBER: starts with #; put the value in 'single"),
        ("A=1\nB=#hunter # a comment", "2:1: B: starts with #"),
        ('RUNBUTTON_KEY="C:\\keys\\new\\team.ppk"', "1:1: RUNBUTTON_KEY: a backslash has another meaning in double"),
        ('A="c:\\new"', "A: a backslash has another meaning"),
        ('A="\\\\server\\new"', "A: a backslash has another meaning"),
        ('A="..\\new"', "A: a backslash has another meaning"),
        ('A="%USERPROFILE%\\new"', "A: a backslash has another meaning"),
        ('A="keys\\team\\a.ppk"', "A: has an invalid backslash in double quotes; write \\\\, or use"),
        ("A=1\rB=hunter\r", "1:1: has CR line ends; save the file with LF"),
        ("A=1\nB='hunter\rhunter'\n", "2:1: has CR line ends"),
        ("A=1\nB=hunter\u200b", "2:1: B: has the invisible character U+200B; remove it"),
        ("B='hunter\ufeff'", "1:1: B: has the invisible character U+FEFF"),
        ("B=hun\u202eter", "U+202E"),
        ("B=hunter\x07", "U+0007"),
        ("B=\u3000hunter", "1:1: B: has a full-width or no-break space at its start or end; remove it"),
        ("B=hunter\xa0", "1:1: B: has a full-width or no-break space at its start or end; remove it"),
    ],
)
def test_what_others_would_read_differently_is_a_problem_and_no_value_is_told(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_env_text(text, ".env")
    assert words in str(caught.value)
    assert "hunter" not in str(caught.value)
    assert "new" not in str(caught.value)


BAD_LINES = """hunter1
A=1
1B=hunter2
C='x' hunter3
F=${hunter6}
G="${hunter7}"
export H=1 I=hunter8
D="hunter4
E=hunter5
"""


def test_every_bad_line_is_told_and_no_value_is() -> None:
    with pytest.raises(ConfigError) as caught:
        read_env_text(BAD_LINES, ".env")
    reference = (
        "variables are not replaced here, but the value has ${; write the value out, or put it in 'single quotes'"
    )
    assert str(caught.value).splitlines() == [
        ".env:1:1: expected NAME=value; start a comment with #",
        ".env:3:1: expected NAME=value; start a comment with #",
        ".env:4:1: C: has text after its closing quotation mark; remove it",
        f".env:5:1: F: {reference}",
        f".env:6:1: G: {reference}",
        ".env:7:1: H: expected one NAME=value; put each variable on its own line",
        ".env:8:1: D: the quotation mark that starts here is not closed",
    ]


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\ufeffA=file\nB=file\n", encoding="utf-8")
    assert with_env_file(tmp_path / ".env", {"A": "real"}) == {"A": "real", "B": "file"}
    assert with_env_file(tmp_path / "none", {"A": "real"}) == {"A": "real"}


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("PASSWORD=秘密".encode("cp932"))
    with pytest.raises(ConfigError, match=r"\.env:1:1: must be UTF-8; save the file as UTF-8"):
        with_env_file(tmp_path / ".env", {})
    with pytest.raises(ConfigError, match="cannot read: "):
        with_env_file(tmp_path, {})
