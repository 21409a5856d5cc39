"""Warnings about valid configs that are probably mistakes; reported at each reading, and they stop nothing."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from generator.units.config import App, Config
from generator.units.problems import quote
from generator.units.values import is_written_out
from generator.words import Message, counted, of, titled

_FEW = 3  # apps, with a line for each


def cautions(config: Config) -> Iterator[Message]:
    """One line for each warning, or one for all if many apps have the same; never contains a secret."""
    if config.plugin and "-----BEGIN" in config.plugin.key.get_secret_value() and is_written_out(config.plugin.key):
        yield of("plugin.key", Message("caution.writtenOut", name="RUNBUTTON_KEY"))
    apps_by_caution: dict[Message, list[App]] = defaultdict(list)
    for app in config.apps:
        for caution in _of_app(app):
            apps_by_caution[caution].append(app)
    for caution, apps in apps_by_caution.items():
        if len(apps) > _FEW:
            names = [*(app.name for app in apps[:_FEW]), "…"]
            yield of(Message("caution.apps", apps=counted(len(apps), "app"), names=names), caution)
        else:
            yield from (of(titled(app.app, app.name), caution) for app in apps)


def _of_app(app: App) -> Iterator[Message]:
    if app.expose_secrets:
        yield Message("caution.exposed")
    for unit in app.units:
        if unit.secret is not None and is_written_out(unit.secret):
            yield of(f"{unit.id}: {unit.secret_key}", Message("caution.writtenOut", name=unit.secret_variable))
    by_label = defaultdict(list)
    for unit in app.units:
        for language in app.languages:
            by_label[unit.label.text(language)].append(unit.id)
    for label, ids in by_label.items():
        if len(set(ids)) > 1:
            yield Message("caution.sameLabel", ids=list(dict.fromkeys(ids)), label=quote(label))
    by_looks = defaultdict(set)
    for code in sorted({code for unit in app.units for code in unit.record_fields}):
        # Composed and decomposed kana (NFC, NFD), full and half width: file names pasted from macOS are NFD.
        by_looks[unicodedata.normalize("NFKC", code)].add(code)
    for code, alike in by_looks.items():
        if len(alike) > 1:
            yield Message("caution.lookAlike", code=code, written=[ascii(each) for each in sorted(alike)])
    for unit in app.units:
        if unit.space is not None and "index" in unit.pages:
            yield of(unit.id, Message("caution.indexSpace"))
