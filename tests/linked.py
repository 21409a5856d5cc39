"""Functions over the browser's modules, as an expression for an engine or a page."""

from functools import cache
from textwrap import indent

from generator.assets import TEMPLATES
from generator.link import link


@cache
def function(imports: str, code: str, kind: str = "function", parameters: str = "") -> str:
    """A function with the body `code`, in which what `imports` names is known; `kind` may be `async function`."""
    # What stands at the left edge is the module's own.
    body = f"globalThis.linkedFunction = {kind} ({parameters}) {{\n{indent(code, '  ')}\n}};\n"
    return f"(() => {{ {link(f'{imports}{chr(10)}{body}', TEMPLATES)} return globalThis.linkedFunction; }})()"
