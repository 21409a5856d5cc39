"""Exclusive runs of users whose machines have wrong clocks."""

import pytest

from tests.log_records import play


@pytest.mark.parametrize(("first", "second"), [(0, 61), (-61, 0), (-61, 61)])
def test_no_clock_of_a_users_machine_makes_a_lock_expire_early(first: int, second: int) -> None:
    doubts, starts, happened, rows, message = play(
        """
      const [a, b] = [tab({ open, ahead: first * MINUTE }), tab({ open, login: "kato", ahead: second * MINUTE })];
      unit.timeout = 10 * MINUTE;
      await a.start();
      await advance(5 * MINUTE);
      await b.start();
      await advance(5000);
      return [b.before.warning, asked.start, b.view().problem?.happened, shownRows(), records.at(-1).message.value];
    """,
        at_once="one",
        first=first,
        second=second,
    )
    assert "sato" in doubts
    assert (starts, happened) == (1, "log.taken")
    assert rows == [["running", "45:u#1", "sato"], ["failed", "", "kato"]]
    assert message.startswith("sato started it at ")


def test_a_user_who_may_not_view_when_records_were_created_can_take_over_an_expired_lock() -> None:
    assert play(
        """
      const push = records.push.bind(records);
      records.push = ({ 作成日時, ...rest }) => push(rest);
      const a = tab({ open });
      await a.start();
      a.close();
      await advance(62 * MINUTE);
      const b = tab({ open, login: "kato" });
      await b.start();
      await advance(5000);
      return [asked.start, b.state()];
    """,
        at_once="one",
    ) == [2, "running"]
