"""The plug-in of a deploy or a rollback, which all apps of the kintone environment share.

kintone's REST API returns an installed plug-in's version, not its content. The same version may have other content, so
the journals store the hash of each package that was sent.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from generator.customization import unit_for_page
from generator.deploy.journal import PluginRecord
from generator.deploy.past import Past
from generator.deploy.words import listed, no_longer
from generator.errors import DeployError
from generator.kintone.client import Kintone
from generator.signing import id_of_public_key
from generator.units.config import App
from generator.units.values import LocalizedText
from generator.words import Message, of, titled

Units = Mapping[int, Mapping[str, str]]
"""The units in a package: by app and ID, each with a digest."""


@dataclass(frozen=True)
class Package:
    """A plug-in to install, if `send`. `names` are its names in kintone by language. `record` describes it and the
    installed one. `lines` and `questions` are as in a Change; `others` are apps that the command did not name but whose
    buttons change too.
    """

    record: PluginRecord
    content: bytes
    send: bool
    lines: tuple[Message, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Message, ...] = ()
    others: Mapping[int, str] = field(default_factory=dict)
    left: bool = False

    @property
    def id(self) -> str:
        """The plug-in's ID."""
        return self.record.id

    @property
    def title(self) -> Message:
        """The plug-in's name in messages."""
        return plugin_title(self.id, self.names)


def built_package(
    kintone: Kintone, content: bytes, apps: Sequence[App], chosen: Collection[int], past: Past
) -> Package:
    """The built plug-in of these apps, and whether kintone needs it; `chosen` are the apps to deploy.

    DeployError if the installed version may have other content, because then it is unknown what users get.
    """
    if not kintone.connection.user:
        # "Install Plug-in" lists the ways to sign in; there is no OAuth scope for plug-ins.
        raise DeployError(of("KINTONE_OAUTH_TOKEN", Message("package.oauth")))
    plugin_id, version, names = _identify(content)
    installed = kintone.plugin_version(plugin_id)
    sha256 = hashlib.sha256(content).hexdigest()
    before, units_before = installed_package(past, plugin_id, installed)
    units = {app.app: {unit.id: _digest([unit_for_page(unit), app.languages]) for unit in app.units} for app in apps}
    record = PluginRecord(
        id=plugin_id, version=version, sha256=sha256, before=installed, before_sha256=before, units=units
    )
    if installed == version:
        if before != sha256:
            key = "package.otherContent" if before else "package.unknownContent"
            why = Message(key, version=version, next=_next(version))
            raise DeployError(of(plugin_title(plugin_id, names), why))
        return Package(record, content, False, (Message("package.installed", version=version),), names)
    if installed is None:
        return Package(record, content, True, (Message("package.new", version=version),), names)
    versions = {"installed": installed, "version": version}
    lines, questions = [Message("package.update", **versions)], []
    if _is_newer(installed, version):
        lines = [Message("text.warning", text=Message("package.older", **versions))]
        questions.append(Message("ask.older", **versions))
    if plugin_id in past.plugins and not before:
        questions.append(Message("ask.notFromHere", installed=installed))
    using = kintone.plugin_apps(plugin_id)
    losing = {
        app: name for app, name in using.items() if app not in units and (units_before is None or app in units_before)
    }
    others = {
        app.app: app.name
        for app in apps
        if app.app in using
        and app.app not in chosen
        and (units_before is None or units_before.get(app.app) != units[app.app])
    }
    for found, warning, question in (
        (losing, "package.losing", "ask.losing"),
        (others, "package.sharing", "ask.sharing"),
    ):
        if found:
            titles = listed(titled(app, name) for app, name in found.items())
            lines.append(Message("text.warning", text=Message(warning, titles=titles)))
            questions.append(Message(question, titles=titles))
    for app in apps:
        if gone := sorted((units_before or {}).get(app.app, {}).keys() - units[app.app].keys()):
            lines.append(of(titled(app.app, app.name), no_longer(past.config, gone)))
    return Package(record, content, True, tuple(lines), names, tuple(questions), others)


def old_package(kintone: Kintone, plugin: PluginRecord, past: Past) -> Package:
    """The package that was installed before the deploy of the record, if an earlier deploy saved it.

    DeployError if another package was installed since then: it would be lost for all apps.
    """
    installed = kintone.plugin_version(plugin.id)

    def staying(line: Message, *, left: bool = False) -> Package:
        return Package(plugin, b"", False, (line,), left=left)

    if installed not in (plugin.version, plugin.before):
        why = Message("package.notThisDeploy", installed=installed or Message("package.none"), version=plugin.version)
        raise DeployError(of(plugin_title(plugin.id), why))
    if installed != plugin.version:
        return staying(Message("package.asBefore" if installed else "package.noneAsBefore", version=installed))
    if plugin.before is None:
        page = f"{kintone.connection.base_url}/k/admin/system/plugin/"
        return staying(Message("text.warning", text=Message("package.wasNew", page=page)), left=True)
    for journal, kept in past.plugins[plugin.id]:
        if kept.sha256 == plugin.before_sha256:
            line = Message("package.back", installed=installed, version=plugin.before)
            record = plugin.model_copy(update={"version": plugin.before, "before": installed})
            return Package(record, journal.kept(kept.sha256), True, (line,))
    why = Message("package.noRecord", version=plugin.before, installed=installed)
    return staying(Message("text.warning", text=why), left=True)


def installed_package(past: Past, plugin_id: str, installed: str | None) -> tuple[str, Units | None]:
    """The installed package's SHA-256, or "", and its units, from the journals."""
    records = past.plugins.get(plugin_id, ())
    if not records or installed is None:
        return "", None
    # An older record proves only a version number: another person may have installed anything since.
    newest = records[0][1]
    sha256 = {newest.before: newest.before_sha256, newest.version: newest.sha256}.get(installed, "")
    return sha256, next((each.units for _, each in records if each.sha256 == sha256), None)


def send_package(kintone: Kintone, package: Package) -> None:
    """Installs or updates the plug-in, and checks that it is installed. DeployError if it is not, or if the installed
    version has changed since the plan."""
    record = package.record
    kintone.say(Message("package.sending", title=package.title, version=record.version))
    key = kintone.upload("plugin.zip", package.content, "application/zip", for_domain=True)
    now = kintone.plugin_version(record.id)
    if now != record.before:
        raise DeployError(of(package.title, Message("package.meanwhile", version=now or Message("package.none"))))
    if record.before is None:
        kintone.install_plugin(record.id, key)
    else:
        kintone.update_plugin(record.id, key, record.version)
    found = kintone.plugin_version(record.id)
    if found != record.version:
        none = Message("package.none")
        raise DeployError(of(package.title, Message("package.not", version=record.version, found=found or none)))
    kintone.say(of(package.title, Message("package.done", version=record.version)))


def plugin_title(plugin_id: str, names: Mapping[str, str] | None = None) -> Message:
    """A plug-in in messages: its name, or its ID if the name is not known."""
    if not names:
        return Message("package.title", id=plugin_id)
    name = LocalizedText(ja=names.get("ja") or names["en"], en=names["en"])
    return Message("package.namedTitle", name=name)


def _identify(package: bytes) -> tuple[str, str, dict[str, str]]:
    """The ID, the version and the names of a plugin.zip."""
    with zipfile.ZipFile(io.BytesIO(package)) as outer:
        plugin_id = id_of_public_key(outer.read("PUBKEY"))
        with zipfile.ZipFile(io.BytesIO(outer.read("contents.zip"))) as contents:
            manifest = json.loads(contents.read("manifest.json"))
    return plugin_id, str(manifest["version"]), dict(manifest["name"])


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def _next(version: str) -> str:
    """The next version: the last part plus 1."""
    head, dot, last = version.rpartition(".")
    return f"{head}{dot}{int(last) + 1}"


def _is_newer(one: str, other: str) -> bool:
    """Whether a version is above another; kintone's are numbers with dots. Other versions do not stop a deploy."""
    try:
        first, second = ([int(part) for part in version.split(".")] for version in (one, other))
    except ValueError:
        return False
    length = max(len(first), len(second))
    return first + [0] * (length - len(first)) > second + [0] * (length - len(second))
