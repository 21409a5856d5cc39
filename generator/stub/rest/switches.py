"""The switches of the REST API: undocumented behaviour. generator/probe/facts.toml says what rests on each."""

from dataclasses import dataclass
from typing import Literal


@dataclass
class Switches:
    """Undocumented facts of the REST API; each can be changed at any time."""

    # Whether an upload's key is valid for a single entry only.
    key_for_one_entry: bool = False
    # Whether a revert gives settings a new revision, or the live one.
    revert_raises: bool = True
    # Whether customizations have permissions and allowed hosts (a coming Update Option). Without it kintone shows
    # neither, and refuses them in a request (cli-kintone #1447 and #1596, js-sdk #3955).
    sandbox: bool = False
    # The HTTP status of refused changes while an app is being published.
    deploying_status: Literal[400, 409, 520] = 400


@dataclass
class RecordSwitches:
    """Undocumented facts of records; each can be changed at any time."""

    # Whether `=` in a query looks for words in a text field that may repeat, or compares the whole value.
    text_equals: Literal["words", "whole"] = "words"
    # Whether the rights of records and fields count for API tokens, as for Everyone, or tokens may touch all of them.
    token_rights: Literal["all", "everyone"] = "all"
    # The HTTP status where an update key finds no record.
    missing_key_status: Literal[404, 400] = 404
    # Whether requests over the daily limit are still answered; documents say so, and that they may be cut off.
    over_limit: Literal["answered", "refused"] = "answered"
