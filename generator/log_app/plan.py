"""What the log app lacks, computed from kintone's state before anything is changed."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from generator.deploy.wait import wait_for_others
from generator.errors import DeployError
from generator.kintone.answers import Json, RefusedError, documented
from generator.kintone.app_settings import AppSettings, Part, app_name
from generator.kintone.client import Kintone
from generator.log_app import wanted
from generator.log_app.reports import reports
from generator.log_form import FIELDS, Difference, differences
from generator.words import Message, counted, of, titled

PARTS: tuple[Part, ...] = ("fields", "views", "rights", "record_rights", "field_rights", "notifications")


@dataclass(frozen=True)
class State:
    """An app's settings before publishing. `revision` is the oldest of those that were read, so that no later change is
    overwritten; `live` is the live one, None if the app was never live."""

    app: int
    name: str
    parts: Mapping[Part, Json]
    revision: int
    live: int | None

    @property
    def title(self) -> Message:
        """The app's name in messages."""
        return titled(self.app, self.name)

    @property
    def creator(self) -> str:
        """The field code of the record's creator, which is in the language of the app's creator."""
        return next(str(code) for code, each in self.parts["fields"].items() if each["type"] == "CREATOR")


@dataclass(frozen=True)
class Step:
    """A write: new content of a part, or `add`ed fields; `lines` describe it."""

    part: Part
    content: Json
    lines: tuple[Message, ...]
    add: bool = False


@dataclass(frozen=True)
class Plan:
    """What the command will do with an app. `publish`: its settings go live. `reports` are only said, `questions` need
    the user's explicit consent."""

    state: State
    steps: tuple[Step, ...]
    reports: tuple[Message, ...] = ()
    questions: tuple[Message, ...] = ()

    @property
    def publish(self) -> bool:
        """Whether the app is published."""
        return bool(self.steps) or self.state.live is None

    @property
    def lines(self) -> list[Message]:
        """The changes and reports, one line each."""
        title = self.state.title
        found = [of(title, line) for step in self.steps for line in step.lines]
        if self.publish and not found:
            found = [of(title, Message("plan.published"))]
        if not self.publish:
            found = [of(title, Message("plan.nothing"))]
        return [*found, *(of(title, Message("text.warning", text=each)) for each in self.reports)]


def read_state(kintone: Kintone, app: int) -> State:
    """The state of an app; waits while it is being published. DeployError if there is no such app."""
    settings = AppSettings(kintone, app)
    try:
        wait_for_others(kintone, {app: titled(app, "")})
        found = {part: settings.read(part) for part in PARTS}
    except RefusedError as error:
        if error.no_such_app:
            raise DeployError(of(titled(app, ""), Message("plan.noApp"))) from None
        error.begin_with(titled(app, ""))
        raise
    name, live = "", None
    # Of an app that was never live, kintone shows neither.
    with suppress(RefusedError):
        live = settings.read("fields", live=True).revision
        name = app_name(kintone, app)
    revision = min(each.revision for each in found.values())
    return State(app, name, {part: each.content for part, each in found.items()}, revision, live)


def lines_of_new_app(language: str) -> list[Message]:
    """What a new app gets."""
    codes = tuple(each.code for each in FIELDS)
    return [
        _added(codes),
        Message("logApp.viewsAdded", names=tuple(wanted.views(language, ""))),
        *_RIGHTS.values(),
    ]


_RIGHTS: Mapping[Part, Message] = {
    "rights": Message("logApp.rightsSet"),
    "record_rights": Message("logApp.recordRightsSet"),
    "notifications": Message("logApp.noticeSet"),
}


def plan_for(kintone: Kintone, state: State, language: str) -> Plan:
    """The plan that completes an app: of one that was never live all settings, of a live one only what is missing.

    DeployError with a line for each problem that only a person can fix.
    """
    with documented("app/form/fields.json"):
        found = list(differences(state.parts["fields"], language))
        steps = [*_fields(found), *_views(state, language)]
    problems = [of(state.title, each.text) for each in found if not each.properties]
    if problems:
        raise DeployError(*problems, Message("logApp.thenAgain", command=kintone.connection.log_app_command(state.app)))
    if state.live is None:
        return Plan(state, (*steps, *_rights(kintone, state, language)), (Message("plan.neverLive"),))
    pending = (Message("ask.pending", title=state.title),) if steps and state.live != state.revision else ()
    with documented("app/acl.json"):
        return Plan(state, tuple(steps), tuple(reports(state.parts, state.creator)), pending)


def _fields(found: list[Difference]) -> Iterator[Step]:
    if added := {each.code: dict(each.properties) for each in found if not each.found}:
        yield Step("fields", added, (_added(tuple(added)),), add=True)
    changed: dict[str, Json] = {}
    changes = [each for each in found if each.found and each.properties]
    for each in changes:
        changed[each.code] = changed.get(each.code, {}) | each.properties
    if changes:
        yield Step("fields", changed, tuple(Message("logApp.willFix", text=each.text) for each in changes))


def _added(codes: tuple[str, ...]) -> Message:
    return Message("logApp.fieldsAdded", fields=counted(len(codes), "field"), codes=codes)


def _views(state: State, language: str) -> Iterator[Step]:
    """A list is there if one shows the same records, whatever its name is."""
    there = state.parts["views"]
    shown = {wanted.plain(view.get("filterCond")) for view in there.values() if view["type"] == "LIST"}
    missing = {
        name: view
        for name, view in wanted.views(language, state.creator).items()
        if wanted.plain(view["filterCond"]) not in shown
    }
    if not missing:
        return
    # Lists that a request leaves out are deleted.
    kept = {name: {key: each for key, each in view.items() if key in _VIEW_KEYS} for name, view in there.items()}
    last = max((int(view["index"]) for view in there.values()), default=-1)
    added = {}
    for index, (name, view) in enumerate(missing.items(), last + 1):
        free = next(each for each in (name, *(f"{name} {n}" for n in range(2, len(there) + 3))) if each not in there)
        added[free] = {**view, "name": free, "index": str(index)}
    yield Step("views", {**kept, **added}, (Message("logApp.viewsAdded", names=tuple(added)),))


_VIEW_KEYS = (
    "index", "type", "name", "fields", "date", "title", "html", "pager", "device", "filterCond", "sort",
)  # fmt: skip


def _rights(kintone: Kintone, state: State, language: str) -> Iterator[Step]:
    user = kintone.connection.user
    notices = wanted.notifications(language, user)
    contents: Mapping[Part, Json] = {
        "rights": wanted.rights(),
        "record_rights": wanted.record_rights(state.creator, wanted.keepers(user)),
        # Notifications that a request leaves out are deleted.
        "notifications": [*state.parts["notifications"], *notices],
    }
    for part, content in contents.items():
        if not wanted.contains(state.parts[part], notices if part == "notifications" else content):
            yield Step(part, content, (_RIGHTS[part],))
