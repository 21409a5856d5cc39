"""The linker: modules that keep to its rules become one script; all else is refused with file and line."""

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


def body(script: str) -> list[str]:
    """The script's lines inside its function."""
    lines = script.splitlines()
    assert lines[:2] == ["(function() {", '"use strict";']
    assert lines[-1] == "})();"
    return [line for line in lines[2:-1] if line != ";"]


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
    assert body(linked) == ["const base = 0;", "const one = base + 1;", "const two = base + 2;", "one(two);"]


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


def test_comments_and_indentation_go_and_texts_stay(tmp_path: Path) -> None:
    text = (
        "// export default\n/*\nimport x from 'y';\n*/\n/*! why */\n"
        'export const url = "https://a.example//b"; // import("z")\n'
        "export function f(a) {\n  // in\n  return [/* 1 */ a, new Map(), /[/*]\\/\\//, `// ${a}`]; /* 2 */\n}\n"
    )
    linked = link('import { f, url } from "./a.js";\nf(url, "日本");\n', write(tmp_path, {"a.js": text}))
    assert body(linked) == [
        'const url = "https://a.example//b";',
        "function f(a) {",
        "return [",
        "a,",
        "new Map(),",
        "/[/*]\\/\\//,",
        "`// ${a}`",
        "];",
        "}",
        'f(url, "\\u65E5\\u672C");',
    ]


@pytest.mark.parametrize(
    ("module", "line", "says"),
    [
        ("export const a = 1;\nexport default a;\n", 2, "`export default a;`"),
        ('export const a = 1;\nexport * from "./b.js";\n', 2, "`export * from"),
        ("const a = 1;\nexport { a };\n", 2, "`export { a };`"),
        ('import * as b from "./b.js";\nexport const a = b;\n', 1, "`import * as b"),
        ('import b from "./b.js";\nexport const a = b;\n', 1, "`import b from"),
        ('import { b as c } from "./b.js";\nexport const a = c;\n', 1, "`import { b as c }"),
        ('import "./b.js";\nexport const a = 1;\n', 1, '`import "./b.js"'),
        ('import { b } from "b";\nexport const a = b;\n', 1, '`import { b } from "b"'),
        ('import {} from "./b.js";\nexport const a = 1;\n', 1, "`import {}"),
        ('\nimport { nothing } from "./b.js";\nexport const a = 1;\n', 2, "b.js does not export nothing"),
        ('import { hidden } from "./b.js";\nexport const a = 1;\n', 1, "b.js does not export hidden"),
        ('import { c } from "./missing.js";\nexport const a = c;\n', 1, "cannot read missing.js"),
        ('export const a = () =>\n  import("./b.js");\n', 2, "import is a name of the language"),
        ("export const { a } = globalThis;\n", 1, "`export const { a }"),
        ("export const a = 1;\nconst [c] = [a];\n", 2, "`const [c]"),
        ("export const a = 1;\nvar c = 2;\n", 2, "`var c"),
        ("// b is not hidden\nexport const a = 1;\nconst hidden = a;\n", 3, "b.js declares hidden too"),
        ("export const a = () =>\n  hidden;\n", 2, "hidden is a name of b.js: import it"),
        ("export const a = () => ({\n  hidden,\n});\n", 2, "hidden is a name of b.js"),
        ("export const a = (x) =>\n  x ? hidden : 1;\n", 2, "hidden is a name of b.js"),
        ("export const a = (x) => {\n  hidden(function () {\n    x();\n  });\n};\n", 2, "hidden is a name of b.js"),
        ("export const a = (x) => [\n  ...hidden,\n];\n", 2, "hidden is a name of b.js"),
        ("export const a = 1;\nexport const c = `\n  ${a}`;\n", 2, "a template literal has several lines"),
        ("export const a = ;\n", 0, "esbuild cannot compile it"),
        ("export const a = 1;\nconst a = 2;\n", 0, "esbuild cannot compile it"),
        ("export const a = '\0';\n", 0, "NUL"),
    ],
)
def test_anything_else_is_refused_with_file_and_line(tmp_path: Path, module: str, line: int, says: str) -> None:
    folder = write(tmp_path, {"a.js": module, "b.js": "export const b = 1;\nconst hidden = b;\n"})
    with pytest.raises(BuildError) as caught:
        link('import { b } from "./b.js";\nimport { a } from "./a.js";\na(b);\n', folder)
    assert str(caught.value).startswith(f"a.js:{line}: " if line else "a.js: ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "code",
    [
        "const a = (x) => x.hidden;",
        "const a = (hidden) => [hidden, { hidden }];",
        "const a = { hidden: 1 };",
        "const a = { hidden() {}, async x() {} };",
        "const a = { async hidden({ x = (1) }, ...y) { return [x, y]; } };",
        'const a = "hidden" + `x`;',
        "const a = /hidden['\"`]/;",
        "class A { #hidden = 1; }\nconst a = A;",
        "const a = 1; // hidden",
        "const a = <p hidden={true}>hidden</p>;\nconst h = String;",
    ],
)
def test_what_only_looks_like_another_modules_name_is_linked(tmp_path: Path, code: str) -> None:
    text = f"/** @jsx h */\n{code}\nexport const b = a;\n"
    folder = write(tmp_path, {"a.jsx": text, "b.js": "const hidden = 1;\nexport const c = hidden;\n"})
    assert "hidden" in link('import { b } from "./a.jsx";\nimport { c } from "./b.js";\nb(c);\n', folder)


def test_modules_of_one_file_name_are_told_apart(tmp_path: Path) -> None:
    folder = write(tmp_path, {"x/a.js": "export const one = 1;\n", "y/a.js": "export const two = 2;\nconst one = 3;\n"})
    with pytest.raises(BuildError, match=r"^a\.js:2: a\.js declares one too"):
        link('import { one } from "./x/a.js";\nimport { two } from "./y/a.js";\none(two);\n', folder)


def test_a_circle_of_imports_is_refused(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "a.js": 'import { b } from "./b.js";\nexport const a = b;\n',
            "b.js": '\nimport { a } from "./a.js";\nexport const b = a;\n',
        },
    )
    with pytest.raises(BuildError, match=r"^b\.js:2: the imports are in a circle: a\.js → b\.js → a\.js$"):
        link('import { a } from "./a.js";\na;\n', folder)


def test_templates_hold_no_python() -> None:
    # hatchling cannot install the project in place where a folder that it moves holds Python files.
    assert not [path for path in TEMPLATES.rglob("*.py") if "node_modules" not in path.parts]
