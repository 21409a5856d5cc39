"""How often a run's status is requested, how soon its end is known, and how many worlds are simulated per second."""

from collections.abc import Iterator

from tests.bench.table import Row
from tests.worlds.engine import program, worlds_in_chromium

UNITS = 400
WORLDS = 4000


def rows() -> Iterator[Row]:
    """The rows of status requests and of the simulation."""
    with worlds_in_chromium() as worlds:
        runtime = program()
        found = worlds.polling(runtime, UNITS)["all"]
        done = worlds.run(runtime, 1, WORLDS)
    yield Row("status requests, of a fixed 5 s interval's", found["share"], "", 0.3)
    yield Row("the first question", found["firstAsked"] / 1000, "s", 2)
    yield Row("the end known later, runs ≤ 2 min", found["lateShort"] / 1000, "s", 1.5)
    yield Row("the end known later, longer runs, of the run", found["lateLong"], "", 0.03)
    yield Row("a thousand simulated worlds", done["seconds"] * 1000 / WORLDS, "s", 1)
