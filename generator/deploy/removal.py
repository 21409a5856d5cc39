"""What `remove` will do, computed from kintone's state before anything is changed."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from generator.deploy.diff import change_for
from generator.deploy.past import Past
from generator.deploy.plan import Plan, not_named
from generator.deploy.read import Reader
from generator.deploy.state import SCRIPT_LISTS, Goal, meant
from generator.errors import DeployError
from generator.kintone.client import Kintone
from generator.origin import Origin
from generator.units.config import App
from generator.words import Message, of


def plan_removal(
    kintone: Kintone,
    apps: Sequence[App],
    past: Past,
    *,
    only: str | None = None,
    plugin_ids: Collection[str] = (),
    plugin_names: Collection[str] = (),
) -> Plan:
    """The plan that removes everything that Runbutton made from the config's apps; with `only`, the name or the ID of
    any app, from that app.

    No REST API removes a plug-in from an app, so the plan only reports plug-ins with these IDs or names, or deployed
    from here; with OAuth it cannot. DeployError for a name that neither the config nor a deploy record has.
    """
    origins = [Origin(past.config, app.app, app.name) for app in apps]
    if only is not None:
        origins = meant(only, [*origins, *(Origin(past.config, app, name) for app, name in past.apps.items())])
        if not origins and not re.fullmatch("[0-9]{1,18}", only):
            raise DeployError(of(f"--app {only}", Message("apply.unknownApp", config=past.config)))
        origins = origins or [Origin(past.config, int(only), "")]
    goals = [
        Goal(origin, dict.fromkeys(SCRIPT_LISTS)) for origin in {origin.app: origin for origin in origins}.values()
    ]
    ids = {*plugin_ids, *past.plugins}
    names = {goal.app: goal.origin.name for goal in goals}
    reader = Reader(kintone, past)
    changes, notes = [], [] if only is not None else not_named(kintone, past, apps)
    wanted = bool(ids or plugin_names)
    # There is no OAuth scope for plug-ins.
    readable = bool(kintone.connection.user)
    states = reader.states(names, names if wanted and readable else ())
    unread = () if readable or not wanted else (Message("plan.pluginsUnread"),)
    staying: list[str] = []
    for goal in (goal for goal in goals if goal.app in states):
        change = change_for(goal, states[goal.app])
        plugins = {**change.state.plugins, **change.state.live_plugins}
        found = sorted(each for each, plugin in plugins.items() if each in ids or plugin.name in plugin_names)
        staying += found
        stays = (_stays(kintone, goal.app, each) for each in found)
        changes.append(replace(change, warnings=(*change.warnings, *stays, *unread)))
    if staying:
        page = f"{kintone.connection.base_url}/k/admin/system/plugin/"
        notes.append(Message("plan.staysInstalled", page=page))
    return Plan("remove", tuple(changes), None, names, reader, notes)


def _stays(kintone: Kintone, app: int, plugin_id: str) -> Message:
    page = f"{kintone.connection.address}/admin/app/{app}/plugin/"
    return Message("plan.staysInApp", id=plugin_id, page=page)
