"""What a config allows and its author probably does not mean: told at every reading, and no reason to stop."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from generator.units.config import App, Config
from generator.units.problems import quote
from generator.units.values import is_written_out

_WRITTEN_OUT = "the secret itself is in the config, and so in its repository; write ${{{name}}} and set that variable"

_FEW = 3  # apps, with a line for each


def cautions(config: Config) -> Iterator[str]:
    """One line for each thing, and one alone where it is the same for many apps; never with a secret in it."""
    if config.plugin and "-----BEGIN" in config.plugin.key.get_secret_value() and is_written_out(config.plugin.key):
        yield f"plugin.key: {_WRITTEN_OUT.format(name='RUNBUTTON_KEY')}"
    apps_by_caution = defaultdict(list)
    for app in config.apps:
        for caution in _of_app(app):
            apps_by_caution[caution].append(app)
    for caution, apps in apps_by_caution.items():
        if len(apps) > _FEW:
            yield f"{len(apps):,} apps ({', '.join(app.name for app in apps[:_FEW])}, …): {caution}"
        else:
            yield from (f"app {app.app} ({app.name}): {caution}" for app in apps)


def _of_app(app: App) -> Iterator[str]:
    if app.expose_secrets:
        yield "every user can read the units' secrets in the browser"
    for unit in app.units:
        if unit.secret is not None and is_written_out(unit.secret):
            yield f"{unit.id}: {unit.secret_key}: {_WRITTEN_OUT.format(name=unit.secret_variable)}"
    by_label = defaultdict(list)
    for unit in app.units:
        for language in app.languages:
            by_label[unit.label.text(language)].append(unit.id)
    for label, ids in by_label.items():
        if len(set(ids)) > 1:
            both = " and ".join(dict.fromkeys(ids))
            yield f"the buttons of {both} are both called {quote(label)}; give each a label of its own"
    by_looks = defaultdict(set)
    for code in sorted({code for unit in app.units for code in unit.record_fields}):
        # Composed and decomposed kana (NFC, NFD), full and half width: a file name pasted from macOS has the second.
        by_looks[unicodedata.normalize("NFKC", code)].add(code)
    for code, alike in by_looks.items():
        if len(alike) > 1:
            written = " and ".join(ascii(each) for each in sorted(alike))
            yield f"the field code {code} is written in different characters that look the same: {written}"
    for unit in app.units:
        if unit.space is not None and "index" in unit.pages:
            yield f"{unit.id}: the page index has no Space fields, so the button is not on it; leave space out there"
