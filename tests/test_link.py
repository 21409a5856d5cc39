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
        ('export const a = () =>\n  import("./b.js");\n', 2, "`import`"),
        ("export const { a } = globalThis;\n", 1, "declaration of its own"),
        ("export const a = 1;\nconst\n  [c] = [a];\n", 2, "declaration of its own"),
        ("export const a = 1;\nif (a) {\n  var c = 2;\n}\n", 3, "`var`"),
        ("export function a() {\n  return arguments;\n}\n", 2, "`arguments`"),
        ('export const a = () =>\n  eval("b");\n', 2, "`eval`"),
        ("export const a = 1;\n\nconst of = a;\n", 3, "choose another name"),
        ('import { b } from "./b.js";\nexport const a = () => {\n  b = 2;\n};\n', 3, "b is imported"),
        ('import { b } from "./b.js";\nexport const a = () => b++;\n', 2, "b is imported"),
        ('import { b } from "./b.js";\nexport const a = () => {\n  [b] = [2];\n};\n', 3, "b is imported"),
        ('import { b } from "./b.js";\nexport const a = () => {\n  ({ c: b } = {});\n};\n', 3, "b is imported"),
        ('import { b } from "./b.js";\nexport const a = () => {\n  for (b of []);\n};\n', 3, "b is imported"),
        ("export const a = import.meta.url;\n", 1, "import"),
        ('import {} from "./b.js";\nexport const a = 1;\n', 1, "import"),
        ("export const a = ;\n", 0, "esbuild refused"),
        ("export const a = 1;\nconst a = 2;\n", 0, "esbuild refused"),
    ],
)
def test_anything_else_is_refused_with_file_and_line(tmp_path: Path, module: str, line: int, says: str) -> None:
    folder = write(tmp_path, {"a.js": module, "b.js": "export const b = 1;\nconst hidden = b;\n"})
    with pytest.raises(BuildError) as caught:
        link('import { b } from "./b.js";\nimport { a } from "./a.js";\na(b);\n', folder)
    assert str(caught.value).startswith(f"a.js:{line}: " if line else "a.js: ")
    assert says in str(caught.value)


def test_a_name_that_means_something_else_elsewhere_gets_a_number(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "one.js": "const hidden = 1;\nexport const one = () => ({ hidden, a: hidden.hidden });\n",
            "two.js": "const hidden = 2;\nexport class Map {}\nexport const two = (one) => one + hidden;\n",
        },
    )
    linked = link(
        'import { one } from "./one.js";\nimport { two } from "./two.js";\none(two(new Map()));\n', folder
    ).splitlines()
    assert linked == [
        "const hidden = 1;",
        "const one2 = () => ({ hidden, a: hidden.hidden });",
        "const hidden2 = 2;",
        "class Map2 {",
        "}",
        "const two = (one) => one + hidden2;",
        "one2(two(/* @__PURE__ */ new Map()));".replace("/* @__PURE__ */ ", ""),
    ]


def test_what_templates_say_keeps_its_lines_and_indentation(tmp_path: Path) -> None:
    text = "/* c */ export const a = `\n  export const b = ${a1 + `\n    x`}\n  // no comment\n`\nconst a1 = 1"
    linked = link('import { a } from "./a.js";\na;\n', write(tmp_path, {"a.js": text}))
    assert "`\n  export const b = ${a1 + `\n    x`}\n  // no comment\n`;" in linked


@pytest.mark.parametrize("languages", [{"ja"}, {"en"}, {"ja", "en"}])
def test_texts_are_linked_in_the_languages_that_are_wanted(tmp_path: Path, languages: set[str]) -> None:
    texts = (
        'export const texts = { ok: { ja: "はい", en: "yes" }, of: { en: "a" , ja: "b", x: "c" }, n: { ja: `1` } };\n'
    )
    other = 'export const other = { ja: "はい", en: "yes" };\n'
    linked = link(
        'import { texts } from "./my-messages.js";\nimport { other } from "./other.js";\ntexts, other;\n',
        write(tmp_path, {"my-messages.js": texts, "other.js": other}),
        languages,
    )
    ok = {"ja": r'ja: "\u306F\u3044"', "en": 'en: "yes"'}
    inside = ", ".join(ok[language] for language in ("ja", "en") if language in languages)
    assert f"ok: {{ {inside}" in linked
    assert 'of: { en: "a", ja: "b", x: "c" }, n: { ja: `1` }' in linked
    assert f"other = {{ {ok['ja']}, {ok['en']} }}" in linked


def test_a_comment_before_an_import_hides_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.js": "export const a = 1\n", "b.js": "export const b = 2\n"})
    linked = link('/* c */ import { a } from "./a.js"; import { b } from "./b.js"\n(a + b)\n', folder)
    assert linked.splitlines() == ["const a = 1;", "const b = 2;", "a + b;"]


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


def test_a_member_whose_name_is_computed_by_an_import_may_be_assigned(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("export function key() {\n  return 1;\n}\n", encoding="utf-8")
    linked = link('import { key } from "./a.js";\nconst marks = {};\nmarks[key()] = 1;\n', tmp_path)
    assert "marks[key()] = 1" in linked
