"""The plug-in's section of units.yaml, with the limits of kintone's manifest schema."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from generator.units.problems import ConfigPart, Violation, problem
from generator.units.values import LocalizedText, at_most, by_language, in_both_languages, words_schema
from generator.words import Message


def _version(value: object) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str) and re.fullmatch(r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){0,2}", value):
        return value if "." in value else int(value)
    raise problem(Message("problem.version"))


def _key_or_path(value: object) -> SecretStr:
    if isinstance(value, SecretStr):
        return value
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise problem(Message("problem.privateKey"))
    return SecretStr(value)


class Plugin(ConfigPart):
    """The plug-in that the apps with target plugin share."""

    name: Annotated[
        LocalizedText,
        BeforeValidator(by_language),
        at_most(64),
        AfterValidator(in_both_languages),
        words_schema(64),
    ] = Field(description="schema.pluginName")
    description: (
        Annotated[
            LocalizedText,
            BeforeValidator(by_language),
            at_most(200),
            AfterValidator(in_both_languages),
            words_schema(200),
        ]
        | None
    ) = Field(None, description="schema.pluginDescription")
    version: Annotated[int | str, BeforeValidator(_version)] = Field(
        1,
        description="schema.pluginVersion",
    )
    key: Annotated[SecretStr, BeforeValidator(_key_or_path)] = Field(description="schema.pluginKey")

    def key_file(self, folder: Path) -> Path | None:
        """The file that `key` names, relative to `folder`, the config's; None if `key` is the PEM text itself."""
        given = self.key.get_secret_value().strip()
        # A short text of two lines is a path in which .env turned \\n into a line break.
        return None if "-----BEGIN" in given or ("\n" in given and len(given) > 255) else folder / given

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """A plug-in's manifest must have the English name."""
        name = given.get("name")
        if isinstance(name, Mapping) and "ja" in name and "en" not in name:
            yield Violation(("name",), Message("problem.pluginNameEn"))
