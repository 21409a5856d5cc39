"""The word that was probably meant. No I/O."""

from collections.abc import Iterable

# What kintone's own screens call the words of units.yaml.
_IN_JAPANESE = {
    "詳細": "detail",
    "編集": "edit",
    "追加": "create",
    "新規": "create",
    "一覧": "index",
    "パソコン": "desktop",
    "デスクトップ": "desktop",
    "PC": "desktop",
    "モバイル": "mobile",
    "スマートフォン": "mobile",
    "スマホ": "mobile",
}


def near_word(given: str, allowed: Iterable[str]) -> str:
    """The nearest allowed word; empty if none is similar."""
    import difflib  # noqa: PLC0415 - every command imports this module, and few are mistyped.
    import unicodedata  # noqa: PLC0415

    by_lower = {word.lower(): word for word in allowed}
    # Japanese keyboards also type full-width letters.
    plain = unicodedata.normalize("NFKC", given)
    close = difflib.get_close_matches(_IN_JAPANESE.get(plain, plain).lower(), by_lower, n=1)
    return by_lower[close[0]] if close else ""
