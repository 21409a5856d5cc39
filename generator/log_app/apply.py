"""Creates the log app, or completes one: writes the settings, publishes them, reads them back; undoes what it can."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from generator.deploy.wait import FIRST_PAUSE, once_more_after_others, wait_for_end
from generator.errors import DeployError, KintoneError, RunbuttonError
from generator.kintone.answers import ConflictError, LostAnswerError, RefusedError
from generator.kintone.app_settings import AppSettings, create_app
from generator.kintone.client import Kintone
from generator.log_app.plan import Plan, Step, plan_for, read_state
from generator.log_app.wanted import contains
from generator.words import Message, Text, of


def settings_page(kintone: Kintone, app: int) -> str:
    """The address of an app's settings."""
    return f"{kintone.connection.address}/admin/app/flow?app={app}"


def create(kintone: Kintone, name: str, language: str) -> int:
    """Creates the app with all of its settings, live, and returns its ID. DeployError, with what became of it, if it
    does not finish: no REST API deletes an app."""
    kintone.say(Message("logApp.creating", name=name))
    app = _created(kintone, name)
    try:
        plan = plan_for(kintone, replace(read_state(kintone, app), name=name), language)
    except (KintoneError, DeployError, KeyboardInterrupt) as error:
        raise DeployError(*_lines(error), _unfinished(kintone, app)) from error
    complete(kintone, plan)
    return app


def _created(kintone: Kintone, name: str) -> int:
    try:
        return create_app(kintone, name)
    except (LostAnswerError, KeyboardInterrupt) as error:
        page = f"{kintone.connection.address}/admin/app/list"
        raise DeployError(*_lines(error), Message("logApp.perhapsCreated", name=name, page=page)) from error
    except RefusedError as error:
        if error.status == 403:
            raise DeployError(*error.lines, Message("logApp.mayNotCreate")) from error
        raise


def complete(kintone: Kintone, plan: Plan) -> None:
    """Carries out a plan. DeployError, with what became of the app, if it does not finish."""
    if plan.publish:
        _Writer(kintone, plan).carry_out()


class _Writer:
    """`sent`: kintone may have some of the settings, and they are not live. `publishing`: it may be publishing them."""

    def __init__(self, kintone: Kintone, plan: Plan) -> None:
        self._kintone, self._plan, self._state = kintone, plan, plan.state
        self._settings = AppSettings(kintone, plan.state.app)
        self._titles = {plan.state.app: plan.state.title}
        self._revision = plan.state.revision
        self._sent = self._publishing = False

    def carry_out(self) -> None:
        with self._how_far():
            if self._plan.steps:
                self._kintone.say(Message("apply.sending", apps=self._state.title))
            for step in self._plan.steps:
                self._write(step)
            self._kintone.say(Message("apply.publishing", apps=self._state.title))
            self._publish()
            self._look()
        self._kintone.say(Message("apply.ended", line=of(self._state.title, Message("apply.live"))))

    def _write(self, step: Step) -> None:
        """Writes a part. _ChangedError if another person changed the app's settings."""
        before, revision, self._sent = self._sent, self._revision, True

        def write() -> int:
            if step.add:
                return self._settings.add_fields(step.content, revision)
            return self._settings.put(step.part, step.content, revision)

        try:
            self._revision = once_more_after_others(self._kintone, self._titles, write)
        except (ConflictError, RefusedError) as error:
            self._sent = before
            if isinstance(error, RefusedError) and error.status != 400:
                raise
            # A repetition after a lost answer meets the settings that the first request has changed.
            now = self._settings.read(step.part)
            if now.revision == revision + 1 and contains(now.content, step.content):
                self._revision, self._sent = now.revision, True
            elif now.revision != revision:
                raise _ChangedError(of(self._state.title, Message("logApp.changed"))) from error
            else:
                raise

    def _publish(self) -> None:
        revisions = {self._state.app: self._revision}
        self._sent = self._publishing = True
        try:
            once_more_after_others(self._kintone, self._titles, lambda: self._kintone.deploy(revisions))
        except ConflictError as error:
            self._publishing = False
            raise _ChangedError(of(self._state.title, Message("logApp.changed"))) from error
        except RefusedError:
            self._publishing = False
            raise
        self._wait()

    def _wait(self) -> None:
        self._kintone.say(Message("apply.waiting"))
        # A status read too early would be that of the previous deploy.
        self._kintone.pause(FIRST_PAUSE)
        (end,) = wait_for_end(self._kintone, self._titles).values()
        if end != "SUCCESS":
            self._publishing = False
            reason = Message("apply.endFailed" if end == "FAIL" else "apply.endCanceled")
            why = Message("apply.end", end=end, reason=reason)
            raise DeployError(of(self._state.title, why), Message("apply.noReason"))

    def _look(self) -> None:
        """Reads the live settings back: kintone's SUCCESS does not prove them."""
        for step in self._plan.steps:
            live = self._settings.read(step.part, live=True)
            if not contains(live.content, step.content):
                why = Message("apply.notLive", live=live.revision, revision=self._revision)
                raise DeployError(of(self._state.title, why))

    @contextmanager
    def _how_far(self) -> Iterator[None]:
        """Adds to an error, or to an interruption, what became of the app; discards what was sent, if it may."""
        try:
            yield
        except (KintoneError, DeployError, KeyboardInterrupt) as error:
            raise DeployError(*_lines(error), *self._end_after(error)) from error

    def _end_after(self, error: BaseException) -> tuple[Text, ...]:
        state = self._state
        command = self._kintone.connection.log_app_command(state.app)
        places = {"command": command, "page": settings_page(self._kintone, state.app)}
        if self._publishing:
            return (Message("logApp.perhapsLive", **places),)
        if state.live is None:
            return (_unfinished(self._kintone, state.app),)
        if not self._sent:
            return (of(state.title, Message("apply.notChanged")),)
        # Discarding would take along the pending changes of other people.
        if isinstance(error, _ChangedError) or state.live != state.revision:
            return (Message("logApp.left", **places),)
        try:
            self._kintone.say(Message("apply.discarding", apps=state.title))
            self._kintone.deploy({state.app: self._revision}, revert=True)
            self._wait()
        except (KintoneError, DeployError) as second:
            return (*second.lines, Message("logApp.left", **places))
        return (of(state.title, Message("logApp.discarded")),)


class _ChangedError(DeployError):
    """Another person changed the settings in between."""


def _unfinished(kintone: Kintone, app: int) -> Message:
    command = kintone.connection.log_app_command(app)
    return Message("logApp.unfinished", app=app, command=command, page=settings_page(kintone, app))


def _lines(error: BaseException) -> tuple[Text, ...]:
    return error.lines if isinstance(error, RunbuttonError) else (Message("answers.interrupted"),)
