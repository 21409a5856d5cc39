"""Written worlds, and tests of the simulation itself."""

import re
from pathlib import Path

import pytest

from tests.worlds.engine import Program, Worlds

STORIES = re.findall(
    r'^    name: "(.+)",$', (Path(__file__).parent / "stories.js").read_text(encoding="utf-8"), re.MULTILINE
)

# These stories are about starting nothing.
NOTHING_STARTS = {
    "one secret of two is not enough",
    "an answer with a token that cannot be read is not shown",
    "without its lock no exclusive run starts",
}


@pytest.mark.parametrize("story", STORIES)
def test_no_rule_is_broken_in_the_story(worlds: Worlds, runtime: Program, story: str) -> None:
    told = worlds.story(runtime, story, short=False)
    assert not told["broken"], "\n".join(told["lines"])
    # It finishes, and something is started in it.
    assert told["lines"][-1]
    assert any("the service starts run" in line for line in told["lines"]) == (story not in NOTHING_STARTS)
