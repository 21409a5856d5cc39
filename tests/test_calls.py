"""Calls through kintone's proxy: which proxy, the timeout, and the messages about them."""

from generator.units.config import AnyUnit
from tests.conftest import KREWDATA_UNIT, config_of
from tests.tabs import play
from tests.v8 import evaluate


def test_a_service_that_never_answers_ends_as_lost() -> None:
    state, late, waited = play("""
      let answer;
      const forever = () => new Promise((resolve) => { answer = resolve; });
      const ask = createAsk(forever, forever, { now: () => now, sleep });
      const before = now;
      let got = null;
      ask("POST", "https://a", {}, "").then((one) => { got = one; });
      while (!got) await advance(1000);
      const waited = now - before;
      answer(["{}", 200, {}]);
      await flush();
      return [got.status, got.text, waited];
    """)
    assert state == 0
    assert "180" in late
    assert 180_000 <= waited <= 181_000


def test_what_needs_nothing_stored_goes_by_kintones_own_proxy_and_a_success_has_no_text() -> None:
    assert play("""
      const by = (name) => async () => [`{"by": "${name}", "token`, 200, {}];
      const json = (name) => async () => [`{"by": "${name}"}`, 200, {}];
      const clock = { now: () => now, sleep };
      const plain = await createAsk(json("kintone"), json("plugin"), clock)("GET", "a", {}, "");
      const stored = await createAsk(json("kintone"), json("plugin"), clock)("GET", "a", {}, "", true);
      const cut = await createAsk(by("kintone"), by("plugin"), clock)("GET", "a", {}, "");
      return [plain.json.by, stored.json.by, cut.text, cut.json];
    """) == ["kintone", "plugin", "", None]


def test_what_never_left_the_machine_says_so() -> None:
    assert play("""
      const refused = async () => { throw { notSent: "no way out" }; };
      const answer = await createAsk(refused, null, { now: () => now, sleep })("POST", "a", {}, "");
      return [answer.status, answer.text, answer.notSent];
    """) == [0, "no way out", True]


def test_in_a_plugin_krewdata_gets_its_token_alone_by_the_plugins_proxy() -> None:
    unit: AnyUnit = config_of(KREWDATA_UNIT).apps[0].units[0]
    without = {key: value for key, value in unit.for_page().items() if key not in ("serialNumber", "krewdataAppUrl")}
    code = """
      const sent = [];
      const json = { code: 200, accessToken: "a", taskId: "b", taskStatus: "Running" };
      const ask = async (method, url, headers, data, stored = false) => {
        sent.push([url.split("/").pop(), stored]);
        return { status: 200, text: "", json, headers: {} };
      };
      const call = { unit, ask, clock: { now: () => 0 }, startedAt: 0, take: () => null };
      const shown = { appId: 45, record: {} };
      const { handle } = await krewdata.start({ ...call, shown, user: { code: "sato" } });
      await krewdata.status(call, handle);
      return sent;
    """
    imports = 'import { krewdata } from "./runtime/services/krewdata.js";'
    held = {**without, "record": "none"}
    assert evaluate(imports, code, unit=held) == [["token", True], ["run", False], ["status", False]]
    shown = {**held, "serialNumber": "x"}
    assert evaluate(imports, code, unit=shown) == [["token", False], ["run", False], ["status", False]]
