"""Functions over the browser's modules, as an expression for an engine or a page."""

from generator.assets import TEMPLATES
from generator.link import link


def function(imports: str, code: str, kind: str = "function") -> str:
    """A function with the body `code`, in which what `imports` names is known; `kind` may be `async function`.

    The code is linked with the modules, since a name of theirs may be another one in the linked text.
    """
    program = link(f"{imports}\nglobalThis.linkedFunction = {kind} () {{ {code} }};\n", TEMPLATES)
    return f"(() => {{ {program} return globalThis.linkedFunction; }})()"
