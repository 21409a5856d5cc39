"""How often a run is asked for, by the real module in a browser, over many runs."""

import pytest
from playwright.sync_api import Page

from tests.linked import function

# Runs of 2 s to 60 min, log-uniform; four in five of a unit that ran before and took as long, give or take 15 %.
SIMULATION = """
let seed = 20261122;
const random = () => (seed = (seed * 1664525 + 1013904223) % 4294967296) / 4294967296;
const average = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
let asked = 0, askedEvery5s = 0;
const lateShort = [], lateLong = [], delays = [];
for (let run = 0; run < 20000; run++) {
  const typical = 2000 * 1800 ** random();
  const length = typical * (0.85 + 0.3 * random());
  const usual = random() < 0.8 ? typical : null;
  let elapsed = 0;
  while (elapsed < length) {
    const delay = elapsed ? nextDelay(elapsed, usual) : Math.min(FIRST, nextDelay(elapsed, usual));
    delays.push(delay);
    elapsed += delay;
    asked += 1;
  }
  askedEvery5s += Math.ceil(length / 5000);
  (length <= 120000 ? lateShort : lateLong).push(length <= 120000 ? elapsed - length : (elapsed - length) / length);
}
return {
  requests: asked / askedEvery5s, lateShort: average(lateShort), lateLong: average(lateLong),
  shortest: delays.reduce((a, b) => Math.min(a, b)), longest: delays.reduce((a, b) => Math.max(a, b)),
};
"""


def in_page(page: Page, code: str) -> dict[str, float]:
    imports = 'import { backOff, FIRST, nextDelay } from "./runtime/poll.js";'
    result: dict[str, float] = page.evaluate(f"{function(imports, code)}()")
    return result


def test_the_polling_budget_is_held(page: Page) -> None:
    found = in_page(page, SIMULATION)
    assert found["requests"] <= 0.30
    assert found["lateShort"] <= 1500
    assert found["lateLong"] <= 0.03


def test_it_is_asked_at_most_every_second_and_at_least_every_half_minute(page: Page) -> None:
    found = in_page(page, SIMULATION)
    assert found["shortest"] >= 1000
    assert found["longest"] <= 30_000


@pytest.mark.parametrize(("lost", "delay"), [(1, 2000), (2, 4000), (3, 8000), (9, 30_000)])
def test_lost_answers_are_asked_again_with_back_off(page: Page, lost: int, delay: int) -> None:
    assert in_page(page, f"return {{ delay: backOff({lost}) }}")["delay"] == delay
