"""The addresses of scenes, and the place that each gets."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import httpx
import pytest

from generator.preview import Preview
from tests.host import Host
from tests.loopback import NO_TLS

UNITS = """\
version: 1
plugin: {name: {en: Run}, key: private.ppk}
apps:
  - app: 45
    name: orders
    units:
      - {id: load, service: trocco-job, job_definition_id: 7}
"""


@pytest.fixture
def web(tmp_path: Path, host: Host) -> Iterator[httpx.Client]:
    config = tmp_path / "units.yaml"
    config.write_text(UNITS, encoding="utf-8")
    stub = Preview(config, dict, tmp_path / ".env").stub
    with host.serve(stub) as url, httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/scenes", 200),
        ("/scenes?app=45&unit=load&group=start&lang=en", 200),
        ("/scenes?app=99", 404),
        ("/scenes?unit=nothing", 404),
        ("/scenes?group=nothing", 404),
        ("/scene/45/load", 302),
        (
            "/scene/45/load?act=ask&device=mobile&lang=en&seconds=60&call=trocco/start&how=lost&always=1&end-trocco=error",
            302,
        ),
        ("/scene/45/nothing", 404),
        ("/scene/45/load?act=dance", 404),
        ("/scene/45/load?device=watch", 404),
        ("/scene/45/load?lang=xx", 404),
        ("/scene/45/load?seconds=7", 404),
        ("/scene/45/load?seconds=x", 404),
        ("/scene/45/load?call=trocco/start&how=nothing", 404),
        ("/scene/45/load?end-trocco=nothing", 404),
    ],
)
def test_a_scene_is_one_of_those_that_there_are(web: httpx.Client, path: str, status: int) -> None:
    assert web.get(path).status_code == status


def test_a_scene_is_shown_on_a_page_and_a_device_that_has_the_button(web: httpx.Client, tmp_path: Path) -> None:
    only = UNITS.replace("job_definition_id: 7", "job_definition_id: 7, pages: [index], devices: [mobile]")
    (tmp_path / "units.yaml").write_text(only, encoding="utf-8")
    gallery = web.get("/scenes?lang=en").text
    frames = re.findall(r'<iframe src="([^"]+)" loading="lazy" title="([^"]+)"', gallery)
    assert frames[0][1] == "Before a run, Mobile, ja"
    assert not [title for _, title in frames if "Desktop" in title]
    address = httpx.URL(web.get(unescape(frames[0][0])).headers["Location"])
    assert (address.path, dict(address.params)) == ("/k/m/45/", {"lang": "ja"})


def test_a_scene_is_a_place_of_its_own(web: httpx.Client) -> None:
    hosts = [httpx.URL(web.get("/scene/45/load").headers["Location"]).host for _ in range(2)]
    assert len(set(hosts)) == 2
    port = web.base_url.port
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    page = web.get("/k/45/show", headers={"Host": f"{hosts[0]}:{port}", **visit})
    assert page.status_code == 200
    assert f"frame-ancestors http://127.0.0.1:{port} http://localhost:{port}" in page.headers["Content-Security-Policy"]
    assert '"framed": true' in page.text
    for host in ("scene-0000000000000000.localhost", "other.localhost"):
        assert web.get("/k/45/show", headers={"Host": f"{host}:{port}"}).status_code == 403
    script = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
    path = "/k/stub/apps/45/runbutton.js"
    assert web.get(path, headers={"Host": f"{hosts[0]}:{port}", **script}).status_code == 403


def test_a_person_who_follows_a_link_gets_a_page_that_knows_browsers_without_such_addresses(web: httpx.Client) -> None:
    visit = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    page = web.get("/scene/45/load?lang=en", headers=visit)
    assert page.status_code == 200
    assert "This browser cannot open *.localhost addresses" in page.text
    image = web.get("/any", headers={"Host": f"scene-check.localhost:{web.base_url.port}", "Sec-Fetch-Dest": "image"})
    assert image.headers["Content-Type"] == "image/svg+xml"
    assert image.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_scenes_that_are_asked_for_at_once_are_made_one_after_the_other(
    web: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.11 fails with a SystemError if two threads compile werkzeug's routes."""
    two = threading.Barrier(2)
    met = []

    def meet(*_: object) -> None:
        try:
            two.wait(timeout=0.3)
        except threading.BrokenBarrierError:
            return
        met.append(True)

    monkeypatch.setattr("generator.stub.web.add_errors", meet)
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda _: web.get("/scene/45/load").status_code, range(6)))
    assert statuses == [302] * 6
    assert met == []
