"""Sets of ES modules made at random, which say what they see: for the linker's comparison with a real bundler.

Each declares names of its own, as the linker wants it. All else has few names, so that they meet: names of other
modules, of inner scopes, of keys and of the browser.
"""

from random import Random

NAMES = ["a", "b", "h", "text", "origin", "Map", "status", "parseInt", "set", "get", "$", "missing"]
GLOBALS = """
Function.prototype.toString = () => "a function";
globalThis.origin = "the browser's origin"; globalThis.status = "the browser's status"; globalThis.said = [];
globalThis.say = (look) => { try { said.push(show(look())); } catch (error) { said.push(error.name); } };
function show(value, depth = 0) {
  if (typeof value === "function") return depth > 3 ? "function" : "function " + Object.keys(value);
  if (value === null || typeof value !== "object") return String(value);
  return depth > 3 ? "…" : Object.entries(value).map(([key, inner]) => key + "=" + show(inner, depth + 1)).join();
}
"""


def module_set(seed: int) -> dict[str, str]:
    """The texts of some modules by file name; entry.js imports the others."""
    random = Random(seed)  # noqa: S311
    files: dict[str, str] = {}
    exports: dict[str, list[str]] = {}
    for number in range(random.randint(1, 5)):
        name = f"m{number}.{random.choice(['js', 'jsx'])}"
        files[name], exports[name] = _module(random, exports, number)
    files["entry.js"], _ = _module(random, exports, 99)
    return files


def _module(random: Random, exports: dict[str, list[str]], number: int) -> tuple[str, list[str]]:
    lines = [random.choice(["", "// import { x } from 'y';", "/* export default a */", "'use strict'", "/*! kept */"])]
    taken = {name for names in exports.values() for name in names}
    free = [name for name in random.sample(NAMES, len(NAMES)) if name not in taken]
    free = [name if random.random() < 0.08 else f"{name}{number}" for name in free]
    for path in random.sample(sorted(exports), random.randint(0, len(exports))):
        imported = [name for name in exports[path] if random.random() < 0.8]
        if imported:
            names = random.choice([", ", ",\n  "]).join(imported)
            lines.append(f'import {{ {names} }} from "./{path}";')
    exported = []
    # After a module without a final semicolon, each of these would continue that module's last statement.
    lines.append(random.choice(["", "", "", "(() => say(() => 1))()", "[1].map(String)", "`${say(() => 2)}`", "+1"]))
    lines.append(random.choice(["", ";"]))
    for name in free[: random.randint(1, 5)]:
        word = random.choice(["", "export ", "export "])
        if word:
            exported.append(name)
        lines.append(word + _declaration(random, name, number))
    lines += [_look(random, number) for _ in range(random.randint(1, 6))]
    return "\n".join(lines) + random.choice(["", "\n"]), exported


def _declaration(random: Random, name: str, number: int) -> str:
    other, third = random.sample(NAMES, 2)
    end = random.choice([";", ""])
    return random.choice(
        [
            f'const {name} = "{name} of {number}"{end}',
            f"const {name} = {{ {other}: {number}, {third}() {{ return {number}; }} }}{end}",
            f"let {name} = {number}{end}",
            f"function {name}({other} = {number}) {{ return {{ {other}, {third}: {number} }} }}",
            f"async function {name}() {{ await {other} }}",
            f"function* {name}({other}) {{ yield {other} }}",
            f"class {name} {{ {other} = {number}; static {third}() {{ return 2 }} get {third}() {{ return 1 }} }}",
            f"const {name} = ({{ {other} = {number} }} = {{}}) => {other}{end}",
            f"const {name} = `export const {other} = 1; x ${{ {number} + `${{'}}'}}` }} // text`{end}",
            f"const {name} = /[/`'\"]export {other}/.source{end}",
            f"const {name} = [8 / 2 / {number + 1}, 4 /2/ {number + 1}]{end}",
        ]
    )


def _look(random: Random, number: int) -> str:
    one, two, three = random.sample(NAMES, 3)
    look = random.choice(
        [
            f"() => {one}",
            f"() => typeof {one}",
            f"() => ({{ {one} }})",
            f"() => ({{ {one}, {two}: {three} }})",
            f"() => ({{ {one}: {one}, [{two}]: 1, ...{three} }})",
            f"() => {{ const {one} = {number}; return {{ {one}, {two} }} }}",
            f"() => (({{ {one}, {two}: {three} }}) => [{one}, {three}])({{ {one}: 1, {two}: 2 }})",
            f"() => (({one}) => {{ {one} = 5; return {one} + {number} / 2 / {number} }})({two})",
            f"() => {{ {{ let {one} = 1; {one}++ }} return typeof {one} }}",
            f"() => {{ {one}: for (const {two} of [1, 2]) {{ continue {one} }} return 1 }}",
            f"() => {{ switch ({number}) {{ case {one}: {{ return 1 }} case 2, {two}: default: return {three} }} }}",
            f"() => {one} ? {{ {two} }} : {two} ? [{three}] : {{ {three}: 2 }}",
            f"() => new (class {one} {{ static s = typeof {two}; {three} = {number} * {one}.length }})()",
            f"() => new (class {{ {one} = typeof {two}; get {two}() {{ return 1 }} #{three} = 2 }})()",
            f"() => ({{ get {one}() {{ return {two} }}, async {three}() {{}}, * [`x`]() {{}} }})",
            f"() => ({{ {one}() {{ return {two} }} }}).{one}()",
            f"() => `${{ typeof {one} }} export const {two} ${{ `${{ typeof {three} }}` }}`",
            f"() => {{ try {{ throw 1 }} catch ({one}) {{ return {one} + typeof {two} }} }}",
            f"() => {{ if (1) /export/.test({one}); else {two}; return {three}?.{one} ?? {two}?.[{one}] }}",
            f"() => {{ function {one}() {{ return {two} }} return typeof {one} }}",
            f"() => {{ let {one}, z; [{one}, z] = [1, {two}]; return {one} }}",
            f"() => {{ for (const {one} in {{ {two}: 1 }}) return {one} }}",
            f"() => (async ({one}) => {one}, {two})",
            f"function () {{ return this }}, {one} => {two}",
        ]
    )
    return f"say({look}){random.choice([';', ''])}"
