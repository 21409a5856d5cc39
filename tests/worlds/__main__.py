"""`python -m tests.worlds --worlds 100000 --seed 1`, or `--story SEED` for the events of one world."""

import argparse
import json
import sys
from collections import Counter

from tests.worlds.engine import program, worlds_in_chromium

_AT_ONCE = 10_000


def main() -> int:
    """Runs worlds; 0 if none broke a rule, else 1 and the first one's story."""
    parser = argparse.ArgumentParser(prog="python -m tests.worlds")
    parser.add_argument("--worlds", type=int, default=2000, help="how many (default 2000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first one; the others follow (default 1)")
    parser.add_argument("--most", type=int, default=1, help="stop after so many broken rules (default 1)")
    parser.add_argument(
        "--plan", choices=("days", "locks", "shared"), default="days", help="what the worlds are like (default days)"
    )
    parser.add_argument("--mutant", help="with this mistake in the runtime")
    parser.add_argument(
        "--story",
        metavar="SEED",
        help="tell what happens in this world, or in the story of this name, and run no others",
    )
    parser.add_argument(
        "--whole", action="store_true", help="tell the whole story, not the shortest that breaks the rule"
    )
    arguments = parser.parse_args()
    with worlds_in_chromium() as worlds:
        runtime = program(arguments.mutant)
        kind = arguments.plan
        if arguments.story is not None:
            seed = int(arguments.story) if arguments.story.isdigit() else arguments.story
            return _tell(worlds.story(runtime, seed, kind=kind, short=not arguments.whole))
        totals: Counter[str] = Counter()
        broken: list[dict[str, str]] = []
        seconds = 0.0
        last = arguments.seed + arguments.worlds
        for seed in range(arguments.seed, last, _AT_ONCE):
            done = worlds.run(runtime, seed, min(_AT_ONCE, last - seed), kind=kind, most=arguments.most - len(broken))
            totals.update(done["figures"])
            broken += done["broken"]
            seconds += done["seconds"]
            if len(broken) >= arguments.most:
                break
        _say(", ".join(f"{count:,.0f} {name}" for name, count in totals.items()))
        _say(f"{seconds:.1f} s, {totals['worlds'] / seconds:,.0f} worlds a second; {len(broken)} broke a rule")
        for rule, count in Counter(one["rule"] for one in broken).most_common():
            seeds = [one["seed"] for one in broken if one["rule"] == rule]
            _say(f"  {rule}: {count}, seeds {seeds[:5]}")
        return _tell(worlds.story(runtime, int(broken[0]["seed"]), kind=kind)) if broken else 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _tell(story: dict[str, object]) -> int:
    lines = story["lines"]
    assert isinstance(lines, list)
    _say(json.dumps(story["plan"]), *lines)
    return 1 if story["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
