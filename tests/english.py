"""Messages in English, for tests of the deploy."""

from typing import Any


class InEnglish:
    """A plan or a change whose messages are their English texts."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.what, name)
        return type(value)(map(str, value)) if name in {"lines", "questions", "notes", "warnings"} else value
