"""The runtime's modules as they are, in a JavaScript engine without a page: rules that need no browser are tested so.

A service's functions are driven through createAsk() with a table for kintone's proxy, on a clock that jumps from wait
to wait. The result is what the page would get.
"""

import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from typing import Any

from py_mini_racer import JSPromise, MiniRacer

from generator.assets import TEMPLATES
from generator.link import link
from generator.units.config import AnyUnit
from generator.words import sections

WORDS = {language: sections(language) for language in ("ja", "en")}


def evaluate(imports: str, code: str, **given: Any) -> Any:
    """The return value of `code`, an async function's body, with the names of `imports` and the values in `given`."""
    known = ", ".join([*_names(imports), *given])
    call = f"(async ({{ {known} }}) => {{ {code} }})({{ ...linked, ...{json.dumps(given)} }}).then(JSON.stringify)"
    program = f"{_linked(imports)}\n{call}"
    # In a separate thread: if a browser was started in this process, its event loop looks like the engine's.
    with ThreadPoolExecutor(1) as thread:
        return json.loads(thread.submit(_run, program).result())


def _names(imports: str) -> list[str]:
    return [name.strip() for names in re.findall(r"import \{([^}]*)\}", imports) for name in names.split(",")]


@cache
def _linked(imports: str) -> str:
    """Gives the engine an object `linked` with the imports. Linking takes longer than the rest of a test."""
    return link(f"{imports}\nglobalThis.linked = {{ {', '.join(_names(imports))} }};\n", TEMPLATES)


def _run(program: str) -> str:
    with closing(MiniRacer()) as engine:
        promise = engine.eval(program)
        assert isinstance(promise, JSPromise)
        return str(promise.get(timeout=30))


def answer(status: int = 200, body: str = "", headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An answer that kintone's proxy hands on."""
    return {"status": status, "body": body, "headers": headers or {}}


def rejection(text: str = "") -> dict[str, Any]:
    """The failure of a call by the proxy itself: the request may have arrived or not."""
    return {"rejection": text}


NOT_SENT: Mapping[str, Any] = {"rejection": {"notSent": "no way out"}}
"""What only the terminal can tell: the request never left the machine."""


_DRIVE = """
  const say = createSay(language, words);
  const spoken = (problem) => ({
    happened: say(problem.happened, problem.values), ran: problem.ran ? say(problem.ran) : "",
    advice: say(problem.advice, problem.values), details: [problem.code, problem.text].filter(Boolean).join(" "),
  });
  const told = ({ problem, doing, ...rest }) => ({
    ...rest, problem: problem ? spoken(problem) : null, doing: doing ? say(doing) : "",
  });
  const results = [];
  for (const { unit, record, answers } of cases) {
    let now = Date.UTC(2026, 10, 22);
    const waits = [];
    const wait = (delay) => new Promise((resolve) => {
      waits.push({ due: now + delay, resolve });
      setTimeout(() => {
        const next = waits.sort((a, b) => a.due - b.due).shift();
        now = Math.max(now, next.due);
        next.resolve();
      }, 1); // mini-racer's own fails with 0.
    });
    const clock = { now: () => now, sleep: wait, pause: wait, everySecond: () => () => {} };
    const sent = [];
    const callProxy = async (url, method, headers, data) => {
      const { rejection, body, status, headers: answered } = answers[Math.min(sent.length, answers.length - 1)];
      sent.push({ method, url, headers, data });
      if (rejection !== undefined) {
        throw rejection;
      }
      return [body, status, answered];
    };
    const question = { unit, ask: createAsk(callProxy, callProxy, clock), clock, startedAt: now };
    const user = { code: "kato", language, timezone: "Asia/Tokyo" };
    const shown = { device: "desktop", page: "detail", appId: 45, recordId: 1, record };
    const refused = service.refuse(unit, shown);
    const started = refused
      ? { state: "failed", problem: refused }
      : await service.start({ ...question, shown, user, take: () => null });
    const states = [];
    while (started.handle && sent.length < answers.length) {
      states.push(told(await service.status(question, started.handle)));
    }
    results.push({ sent, started: told(started), states });
  }
  return results;
"""


def drive(
    unit: AnyUnit, answers: Sequence[Sequence[Mapping[str, Any]]], *, record: Any = None, language: str = "ja"
) -> list[Any]:
    """Starts the unit once for each row of answers, and asks how the run goes as long as answers are left; the last
    answer is given again to whoever asks on. Gives for each row the requests that were `sent`, what the start came to
    (`started`) and what each question did (`states`), with all words in the language."""
    cases = [(unit, row, record or {}) for row in answers]
    return drive_each(cases, language=language)


def drive_each(cases: Sequence[tuple[AnyUnit, Sequence[Mapping[str, Any]], Any]], *, language: str = "ja") -> list[Any]:
    """The same for units and records of one service that differ from row to row."""
    (runtime,) = {unit.runtime for unit, *_ in cases}
    imports = f"""import {{ {runtime} }} from "./runtime/services/{runtime}.js";
import {{ createAsk }} from "./runtime/page/proxy.js";
import {{ createSay }} from "./runtime/view/say.js";
"""
    rows = [
        {"unit": {**unit.common_for_page(), **unit.for_page()}, "record": record, "answers": list(answers)}
        for unit, answers, record in cases
    ]
    results: list[Any] = evaluate(
        imports, f"const service = {runtime};{_DRIVE}", cases=rows, language=language, words=WORDS
    )
    return results
