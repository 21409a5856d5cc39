"""The plug-in of a deploy or a rollback, which all apps of the kintone environment share.

kintone's REST API tells an installed plug-in's version and not its content. A version number is not content: what is
known of it is the hash of each package that was sent from here.
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
from generator.deploy.state import titled
from generator.deploy.words import listed, no_longer
from generator.errors import DeployError
from generator.kintone.client import Kintone
from generator.signing import id_of_public_key
from generator.units.config import App

Units = Mapping[int, Mapping[str, str]]
"""The units in a package: by app and ID, each with a digest."""


@dataclass(frozen=True)
class Package:
    """A plug-in that is to be installed, if `send`. `names` are those that it has in kintone. `record` says what it is
    and what is installed. `lines` and `questions` as a Change has them; `others` are apps that no command named and
    whose buttons change with it.
    """

    record: PluginRecord
    content: bytes
    send: bool
    lines: tuple[str, ...]
    names: frozenset[str] = frozenset()
    questions: tuple[str, ...] = ()
    others: Mapping[int, str] = field(default_factory=dict)
    left: bool = False

    @property
    def id(self) -> str:
        """The plug-in's ID."""
        return self.record.id


def built_package(
    kintone: Kintone, content: bytes, apps: Sequence[App], chosen: Collection[int], past: Past
) -> Package:
    """The built plug-in of these apps, and whether kintone needs it; `chosen` are the apps that are meant.

    DeployError where the installed version may have other content, so that nothing could show what users get.
    """
    if not kintone.connection.user:
        # "Install Plug-in" lists the ways to sign in; there is no OAuth scope for plug-ins.
        raise DeployError(
            "KINTONE_OAUTH_TOKEN: kintone does not allow installing plug-ins with OAuth; "
            "set KINTONE_USERNAME and KINTONE_PASSWORD of a kintone administrator"
        )
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
            why = "with other content" if before else "and no deploy record here says with which content"
            raise DeployError(
                f"plug-in {plugin_id}: version {version} is installed already, {why}; nothing was changed: "
                f"raise plugin.version to {_next(version)}, build and deploy again"
            )
        return Package(record, content, False, (f"version {version} is installed already",), names)
    if installed is None:
        return Package(record, content, True, (f"version {version} will be installed",), names)
    lines, questions = [f"will be updated from version {installed} to {version}"], []
    if _is_newer(installed, version):
        lines = [f"warning: version {installed} is installed, which is newer: the older {version} will replace it"]
        questions.append("Every app that uses the plug-in gets an older version.")
    if plugin_id in past.plugins and not before:
        questions.append(f"Version {installed} of the plug-in was not installed from here.")
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
        (
            losing,
            "uses the plug-in and has no units in it now: its buttons go",
            "go: they have no units any more",
        ),
        (others, "shares the plug-in: its buttons change too", "change too: they share the plug-in"),
    ):
        if found:
            titles = listed(titled(app, name) for app, name in found.items())
            lines.append(f"warning: {titles}: {warning}")
            questions.append(f"The buttons of {titles} {question}.")
    for app in apps:
        if gone := sorted((units_before or {}).get(app.app, {}).keys() - units[app.app].keys()):
            lines.append(f"{titled(app.app, app.name)}: {no_longer(past.config, gone)}")
    return Package(record, content, True, tuple(lines), names, tuple(questions), others)


def old_package(kintone: Kintone, plugin: PluginRecord, past: Past) -> Package:
    """The package that was installed before the deploy of the record, if an earlier deploy kept it.

    DeployError where another one was installed since then, which would be lost for all apps.
    """
    installed = kintone.plugin_version(plugin.id)

    def staying(line: str, *, left: bool = False) -> Package:
        return Package(plugin, b"", False, (line,), left=left)

    if installed not in (plugin.version, plugin.before):
        raise DeployError(
            f"plug-in {plugin.id}: version {installed or 'none'} is installed, and this deploy put {plugin.version} "
            "there; it was left as it is: deploy the version that you want instead of rolling back"
        )
    if installed != plugin.version:
        return staying(f"version {installed} is installed, as before" if installed else "is not installed, as before")
    if plugin.before is None:
        page = f"{kintone.connection.base_url}/k/admin/system/plugin/"
        return staying(
            f"warning: was not installed before; it stays, because uninstalling it would delete its settings in every "
            f"app (a kintone administrator can: {page})",
            left=True,
        )
    for journal, kept in past.plugins[plugin.id]:
        if kept.sha256 == plugin.before_sha256:
            line = f"will be rolled back from version {installed} to {plugin.before}"
            record = plugin.model_copy(update={"version": plugin.before, "before": installed})
            return Package(record, journal.kept(kept.sha256), True, (line,))
    return staying(
        f"warning: cannot be rolled back: no deploy record here has version {plugin.before}; version {installed} stays",
        left=True,
    )


def installed_package(past: Past, plugin_id: str, installed: str | None) -> tuple[str, Units | None]:
    """What is known of the installed package: its SHA-256, or "", and its units."""
    records = past.plugins.get(plugin_id, ())
    if not records or installed is None:
        return "", None
    # An older record would know no more than a number: somebody may have installed anything since.
    newest = records[0][1]
    sha256 = {newest.before: newest.before_sha256, newest.version: newest.sha256}.get(installed, "")
    return sha256, next((each.units for _, each in records if each.sha256 == sha256), None)


def send_package(kintone: Kintone, package: Package) -> None:
    """Installs or updates the plug-in, unless its version is no longer the one that was planned for, and looks whether
    it is installed. DeployError otherwise."""
    record = package.record
    kintone.say(f"sending the plug-in, version {record.version}")
    key = kintone.upload("plugin.zip", package.content, "application/zip", for_domain=True)
    now = kintone.plugin_version(record.id)
    if now != record.before:
        raise DeployError(
            f"plug-in {record.id}: another person installed version {now or 'none'} meanwhile; it was not overwritten"
        )
    if record.before is None:
        kintone.install_plugin(record.id, key)
    else:
        kintone.update_plugin(record.id, key, record.version)
    found = kintone.plugin_version(record.id)
    if found != record.version:
        raise DeployError(
            f"plug-in {record.id}: kintone accepted version {record.version}, and {found or 'none'} is installed"
        )
    kintone.say(f"plug-in {record.id}: version {record.version} is installed")


def _identify(package: bytes) -> tuple[str, str, frozenset[str]]:
    """The ID, the version and the names of a plugin.zip."""
    with zipfile.ZipFile(io.BytesIO(package)) as outer:
        plugin_id = id_of_public_key(outer.read("PUBKEY"))
        with zipfile.ZipFile(io.BytesIO(outer.read("contents.zip"))) as contents:
            manifest = json.loads(contents.read("manifest.json"))
    return plugin_id, str(manifest["version"]), frozenset(manifest["name"].values())


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def _next(version: str) -> str:
    """The version after this one, in its last part."""
    head, dot, last = version.rpartition(".")
    return f"{head}{dot}{int(last) + 1}"


def _is_newer(one: str, other: str) -> bool:
    """Whether a version is above another; kintone's are numbers with dots. What is none is no reason to stop."""
    try:
        first, second = ([int(part) for part in version.split(".")] for version in (one, other))
    except ValueError:
        return False
    length = max(len(first), len(second))
    return first + [0] * (length - len(first)) > second + [0] * (length - len(second))
