"""The linker: modules that keep to the allowed forms become one scope; all else is refused with file and line."""

from pathlib import Path

import pytest

from generator.assets import TEMPLATES
from generator.errors import BuildError
from generator.link import link


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_modules_come_before_those_that_import_them_and_only_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "one.js": 'import { base } from "./deep/base.js";\nexport const one = base + 1;\n',
            "two.js": 'import { base } from "./deep/base.js";\nexport const two = base + 2;\n',
            "deep/base.js": "export const base = 0;\n",
        },
    )
    linked = link('import { one } from "./one.js";\nimport { two } from "./two.js";\none(two);\n', folder)
    code = [line for line in linked.splitlines() if line]
    assert code == ["const base = 0;", "const one = base + 1;", "const two = base + 2;", "one(two);"]


def test_an_import_over_several_lines_and_all_kinds_of_declarations_are_linked(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "all.js": "export function f() {}\nexport async function g() {}\nexport class C {}\n"
            "export let l = 1;\nexport const c = 2;\n"
        },
    )
    linked = link('import {\n  f,\n  g,\n  C,\n  l,\n  c,\n} from "./all.js";\nf(g, C, l, c);\n', folder)
    assert "export" not in linked
    assert "import" not in linked


def test_what_comments_and_texts_say_is_left_alone(tmp_path: Path) -> None:
    text = '// export default\n/*\nimport x from "y";\n*/\nexport const url = "https://a.example//b"; // import("z")\n'
    linked = link('import { url } from "./a.js";\nurl;\n', write(tmp_path, {"a.js": text}))
    assert '"https://a.example//b"' in linked


@pytest.mark.parametrize(
    ("module", "line", "says"),
    [
        ("export const a = 1;\nexport default a;\n", 2, "export default a;"),
        ('export const a = 1;\nexport * from "./b.js";\n', 2, "export * from"),
        ("const a = 1;\nexport { a };\n", 2, "export { a };"),
        ('import * as b from "./b.js";\nexport const a = b;\n', 1, "import * as b"),
        ('import b from "./b.js";\nexport const a = b;\n', 1, "import b from"),
        ('import { b as c } from "./b.js";\nexport const a = c;\n', 1, "cannot rename"),
        ('import "./b.js";\nexport const a = 1;\n', 1, 'import "./b.js"'),
        ('import { b } from "b";\nexport const a = b;\n', 1, 'import { b } from "b"'),
        ('\nimport { nothing } from "./b.js";\nexport const a = 1;\n', 2, "b.js does not export nothing"),
        ('import { hidden } from "./b.js";\nexport const a = 1;\n', 1, "b.js does not export hidden"),
        ('import { c } from "./missing.js";\nexport const a = c;\n', 1, "cannot read missing.js"),
        ('export const a = () =>\n  import("./b.js");\n', 2, "import("),
        ("export const a = 1;\n\nconst hidden = 2;\n", 3, "hidden is declared in b.js too"),
    ],
)
def test_anything_else_is_refused_with_file_and_line(tmp_path: Path, module: str, line: int, says: str) -> None:
    folder = write(tmp_path, {"a.js": module, "b.js": "export const b = 1;\nconst hidden = b;\n"})
    with pytest.raises(BuildError) as caught:
        link('import { b } from "./b.js";\nimport { a } from "./a.js";\na(b);\n', folder)
    assert str(caught.value).startswith(f"a.js:{line}: ")
    assert says in str(caught.value)


def test_a_circle_of_imports_is_refused(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "a.js": 'import { b } from "./b.js";\nexport const a = b;\n',
            "b.js": 'import { a } from "./a.js";\nexport const b = a;\n',
        },
    )
    with pytest.raises(BuildError, match=r"^b\.js:1: the imports go in a circle: a\.js → b\.js → a\.js$"):
        link('import { a } from "./a.js";\na;\n', folder)


def test_templates_hold_no_python() -> None:
    # hatchling cannot install the project in place where a folder that it moves holds Python files.
    assert not [path for path in TEMPLATES.rglob("*.py") if "node_modules" not in path.parts]
