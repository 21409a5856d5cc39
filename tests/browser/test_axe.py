"""axe in every state, on each device and with what users choose in their system."""

from collections.abc import Callable

import pytest

from tests.browser.axe import violations
from tests.browser.record_page import Serve
from tests.browser.states import PATHS, STATES, State, in_state

# A line comes in by a short fade, in which it has no contrast.
COME = """() => Promise.all(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().iterations === 1).map(({ finished }) => finished))"""
SAMPLE = {"running-with-usual", "failed", "three-at-once"}
LOOKS = {
    "desktop": ("desktop", 1280, {}),
    "mobile": ("mobile", 390, {}),
    "320 pixels": ("mobile", 320, {}),
    "200 %": ("desktop", 640, {}),
    "forced colours": ("desktop", 1280, {"forced_colors": "active"}),
    "reduced motion": ("desktop", 1280, {"reduced_motion": "reduce"}),
}


@pytest.mark.parametrize(
    ("look", "state"),
    [
        pytest.param(
            look,
            state,
            marks=[] if look == "desktop" or state.name in SAMPLE else pytest.mark.exhaustive,
            id=f"{look}-{state.name}",
        )
        for look in LOOKS
        for state in STATES
    ],
)
def test_axe_finds_nothing_in_any_state(
    serve_config: Serve, window: Callable[[int, int], None], look: str, state: State
) -> None:
    device, width, media = LOOKS[look]
    window(width, 900)
    page = in_state(serve_config, state, PATHS[device])
    page.page.emulate_media(**media)
    page.page.clock.resume()
    page.page.evaluate(COME)
    assert violations(page.page, ".rb-place") == []
