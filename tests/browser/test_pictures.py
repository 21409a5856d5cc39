"""The pictures for people who run nothing: the gallery of every state, and the README's animation."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from generator.guide import FOLDER
from generator.words import LANGUAGES
from tests.browser.axe import violations
from tests.browser.gallery import gallery
from tests.browser.run_animation import HEIGHT, TOP, WIDTH, Frame, animated, frames
from tests.browser.states import LOOKS, STATES
from tests.browser.whole_file import write_whole

LIMIT = 400 * 1024


def png(*colours: tuple[int, int, int]) -> bytes:
    made = io.BytesIO()
    image = Image.new("RGB", (len(colours), 1))
    image.putdata(colours)
    image.save(made, "PNG")
    return made.getvalue()


@pytest.mark.usefixtures("noise")
def test_the_gallery_is_one_page_with_every_state_in_both_languages_and_on_both_devices(
    page: Page, tmp_path: Path
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for state in STATES:
        for device, language, _ in LOOKS:
            (pictures / f"{state.name}-{device}-{language}.png").write_bytes(png((9, 9, 9)))
    whole = tmp_path / "gallery.html"
    write_whole(whole, gallery(pictures).encode())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(whole.as_uri())

    assert {(device, language) for device, language, _ in LOOKS} == {
        (device, language) for device in ("desktop", "mobile") for language in LANGUAGES
    }
    expect(page.get_by_role("img")).to_have_count(len(STATES) * len(LOOKS))
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth === 1)")
    expect(page.get_by_role("heading", level=2)).to_have_count(len(STATES))
    page.get_by_role("navigation").get_by_role("link", name="Could not run").click()
    expect(page.get_by_role("heading", name="Could not run")).to_be_in_viewport()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert violations(page) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder" / "picture"
    write_whole(path, b"old")

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="no space"):
            write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    write_whole(path, b"new")
    assert [entry.name for entry in path.parent.iterdir()] == ["picture"]
    assert path.read_bytes() == b"new"


def test_an_animation_shows_each_frame_for_its_time_and_begins_again() -> None:
    some = [Frame(png((255, 0, 0), (0, 0, 0)), 700), Frame(png((0, 255, 0), (0, 0, 0)), 300)]
    with Image.open(io.BytesIO(animated(some))) as picture:
        assert (picture.format, picture.n_frames, picture.info["loop"]) == ("WEBP", 2, 0)
        shown = []
        for at in range(2):
            picture.seek(at)
            shown.append((picture.convert("RGB").getpixel((0, 0)), picture.info["duration"]))
    assert shown == [((255, 0, 0), 700), ((0, 255, 0), 300)]


@pytest.mark.parametrize("language", ["en", pytest.param("ja", marks=pytest.mark.exhaustive)])
def test_the_animation_of_a_run_is_small(browser: Browser, language: str) -> None:
    context = browser.new_context(viewport={"width": WIDTH, "height": TOP + HEIGHT}, timezone_id="Asia/Tokyo")
    some = list(frames(context, language))
    context.close()
    assert len(some) > 8
    pictures = [frame.png for frame in some]
    # The question, the run and its end look different from the page before.
    assert len(set(pictures)) > 8
    assert sum(frame.milliseconds for frame in some) < 20_000
    assert len(animated(some)) < LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guides_animation_is_there_and_small(language: str) -> None:
    content = (FOLDER / "pictures" / f"run-{language}.webp").read_bytes()
    assert len(content) < LIMIT
    with Image.open(io.BytesIO(content)) as picture:
        assert getattr(picture, "n_frames", 1) > 8
