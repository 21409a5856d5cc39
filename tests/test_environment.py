from pathlib import Path

import pytest

from generator.environment import read_env_text, with_env_file
from generator.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1\nB=two words\n", {"A": "1", "B": "two words"}),
        ("# a comment\n\n  export A = 1  \r\nB=", {"A": "1", "B": ""}),
        ("A=https://example.com/#part # a comment\nB=# nothing\n", {"A": "https://example.com/#part", "B": ""}),
        ('A=\'a # \\n $B\'\nB="a # \\n \\"b\\" \\$ \\d" # c', {"A": "a # \\n $B", "B": 'a # \n "b" $ \\d'}),
        ('KEY="-----BEGIN\nabc\n-----END"\nB=2', {"KEY": "-----BEGIN\nabc\n-----END", "B": "2"}),
        ("A=it's\nB='${A}'\nC=\"\\${A}\"\nD=$A", {"A": "it's", "B": "${A}", "C": "${A}", "D": "$A"}),
        ("A=1\nA=2", {"A": "2"}),
        ("", {}),
    ],
)
def test_a_text_is_read(text: str, found: dict[str, str]) -> None:
    assert read_env_text(text, ".env") == found


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
    assert str(caught.value).splitlines() == [
        ".env:1:1: is no NAME=value; start a comment with #",
        ".env:3:1: is no NAME=value; start a comment with #",
        ".env:4:1: C: has text after its closing quote",
        ".env:5:1: F: has ${, for which nothing is put in here; write the value out, or put it in 'single quotes'",
        ".env:6:1: G: has ${, for which nothing is put in here; write the value out, or put it in 'single quotes'",
        ".env:7:1: H: has a second NAME= behind it; give each a line",
        ".env:8:1: D: the quote that starts here is never closed",
    ]


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\ufeffA=file\nB=file\n", encoding="utf-8")
    assert with_env_file(tmp_path / ".env", {"A": "real"}) == {"A": "real", "B": "file"}
    assert with_env_file(tmp_path / "none", {"A": "real"}) == {"A": "real"}


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("PASSWORD=秘密".encode("cp932"))
    with pytest.raises(ConfigError, match=r"\.env:1:1: is not UTF-8; save it as UTF-8"):
        with_env_file(tmp_path / ".env", {})
    with pytest.raises(ConfigError, match="cannot be read"):
        with_env_file(tmp_path, {})
