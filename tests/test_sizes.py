"""No module is long, but those that are listed here with their reason; the list only shrinks."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 250

ONE_SUBJECT = "the cases of one subject, in the order of its parts"
ROWS = "a row for each sentence of a service's reference"
LONGER = {
    "generator/build.py": "dist/ is replaced whole or not at all: the parts of one promise",
    "generator/config.py": "reading and judging share the places of values; apart, each would hand them to the other",
    "generator/stub/sample_apps.py": "the sample form: a table of every type of field",
    "generator/stub/services/krewdata/api.py": "the reference in its order",
    "generator/stub/services/trocco/api.py": "the reference in its order",
    "templates/stub/fields.js": "every type of field, shown and edited",
    "templates/stub/record.js": "one page and its three modes",
    "tests/browser/record_page.py": "what a person does on a record page, for all tests of it",
    "tests/browser/test_dialogs.py": ONE_SUBJECT,
    "tests/browser/test_following.py": ONE_SUBJECT,
    "tests/browser/test_page.py": ONE_SUBJECT,
    "tests/browser/test_places.py": ONE_SUBJECT,
    "tests/browser/test_plugin_settings.py": ONE_SUBJECT,
    "tests/browser/test_run.py": ONE_SUBJECT,
    "tests/browser/test_run_errors.py": ONE_SUBJECT,
    "tests/browser/test_stub_pages.py": ONE_SUBJECT,
    "tests/browser/test_stub_plugin_pages.py": ONE_SUBJECT,
    "tests/browser/test_trocco.py": ONE_SUBJECT,
    "tests/test_build.py": ONE_SUBJECT,
    "tests/test_cli.py": ONE_SUBJECT,
    "tests/test_config.py": ONE_SUBJECT,
    "tests/test_deploy.py": ONE_SUBJECT,
    "tests/test_diff.py": ONE_SUBJECT,
    "tests/test_krewdata_answers.py": ROWS,
    "tests/test_ledger.py": ONE_SUBJECT,
    "tests/test_run_doubts.py": ONE_SUBJECT,
    "tests/test_signing.py": ONE_SUBJECT,
    "tests/test_stub_krewdata.py": ROWS,
    "tests/test_stub_plugins.py": ONE_SUBJECT,
    "tests/test_stub_rest.py": ONE_SUBJECT,
    "tests/test_stub_server.py": ONE_SUBJECT,
    "tests/test_stub_trocco.py": ROWS,
    "tests/test_trocco_answers.py": ROWS,
}


def modules() -> dict[str, Path]:
    """All of the project's modules by path, Python's and the browser's."""
    found = [path for folder in ("generator", "tests", ".ci") for path in (ROOT / folder).rglob("*.py")]
    found += [
        path
        for folder in (path for path in (ROOT / "templates").iterdir() if path.is_dir() and path.name != "node_modules")
        for pattern in ("*.js", "*.jsx", "*.ts")
        for path in folder.rglob(pattern)
    ]
    return {path.relative_to(ROOT).as_posix(): path for path in found}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_long_but_those_with_a_reason() -> None:
    long = {name for name, path in modules().items() if lines(path) > LONGEST}
    assert long - LONGER.keys() == set(), f"split it: a module has one job and at most {LONGEST} lines"


@pytest.mark.parametrize("name", LONGER)
def test_a_module_that_is_no_longer_long_leaves_the_list(name: str) -> None:
    path = modules().get(name)
    assert path is not None, "there is no such module any more: take it off the list"
    assert lines(path) > LONGEST, "it is short enough now: take it off the list"
