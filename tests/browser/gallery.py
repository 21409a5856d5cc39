"""Every state as one HTML page with its pictures in it, for reviewers: `python -m tests.browser.gallery [FILE]`.

A preview has the same as live scenes, of the config's own buttons; this one needs nothing but a browser to look at it.
"""

import base64
import sys
import tempfile
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from tests.browser.states import LOOKS, STATES, write_pictures
from tests.browser.whole_file import write_whole

GALLERY = Path(__file__).parents[2] / "test-results" / "gallery.html"

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Runbutton: every state</title>
<style>
body { margin: 0; padding: 24px; color: #333; background: #eceff1; font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 12px; font-size: 24px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; }
a { color: #1d6fa5; }
h2 { margin: 32px 0 8px; font-size: 17px; }
section { scroll-margin-top: 8px; }
section div { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 16px; margin-top: 12px; }
figure { margin: 0; max-width: min(100%, 608px); }
figcaption { color: #555; font-size: 13px; }
img { display: block; max-width: 100%; height: auto; border: 1px solid #cfd8dc; background: #fff; }
</style>
</head>
<body>
<main>
<h1>Runbutton: every state</h1>
<nav aria-label="States">
{%- for state in states %}
<a href="#{{ state.name }}">{{ words(state.name) }}</a>
{%- endfor %}
</nav>
{%- for state in states %}
<section id="{{ state.name }}">
<h2>{{ words(state.name) }}</h2>
{%- for _, some in looks | groupby(0) %}
<div>
{%- for device, language, width in some %}
<figure>
<figcaption>{{ device }}, {{ language }}</figcaption>
<img width="{{ width }}" alt="{{ words(state.name) }}: {{ device }}, {{ language }}" src="data:image/png;base64,
{{- picture(state.name, device, language) }}">
</figure>
{%- endfor %}
</div>
{%- endfor %}
</section>
{%- endfor %}
</main>
</body>
</html>
"""


def gallery(pictures: Path) -> str:
    """The page with the pictures that write_pictures() put into a folder."""

    def picture(name: str, device: str, language: str) -> str:
        return base64.b64encode((pictures / f"{name}-{device}-{language}.png").read_bytes()).decode()

    def words(name: str) -> str:
        return name.replace("-", " ").capitalize()

    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE)
    return page.render(states=STATES, looks=LOOKS, picture=picture, words=words)


def write_gallery(path: Path) -> None:
    """Writes the page whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(Path(folder))
        write_whole(path, gallery(Path(folder)).encode())


if __name__ == "__main__":
    write_gallery(Path(sys.argv[1]) if sys.argv[1:] else GALLERY)
