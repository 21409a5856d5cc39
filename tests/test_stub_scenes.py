"""The addresses of scenes, and the place that each gets."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from generator.preview import Preview
from generator.stub.server import serve

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
def web(tmp_path: Path) -> Iterator[httpx.Client]:
    config = tmp_path / "units.yaml"
    config.write_text(UNITS, encoding="utf-8")
    stub = Preview(config, dict, tmp_path / ".env").stub
    with serve(stub) as url, httpx.Client(base_url=url, trust_env=False) as client:
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
