"""The plug-in of a deploy or a rollback, which is the whole domain's and not an app's.

kintone's REST API tells an installed plug-in's version and not its content; what that was, the history knows if it came
from here.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass

from generator.deploy.history import History
from generator.deploy.journal import PluginRecord
from generator.errors import DeployError
from generator.kintone.client import Kintone
from generator.signing import id_of_public_key


@dataclass(frozen=True)
class Package:
    """A plug-in that is to be installed; `installed` is the version that kintone has, or None; `downgrade`: a newer."""

    id: str
    version: str
    content: bytes
    installed: str | None
    send: bool
    line: str
    downgrade: bool = False


def built_package(kintone: Kintone, content: bytes, history: History) -> Package:
    """The built plug-in, and whether kintone needs it."""
    if not kintone.connection.user:
        # "Install Plug-in" lists the ways to sign in; there is no OAuth scope for plug-ins.
        raise DeployError(
            "KINTONE_OAUTH_TOKEN: kintone allows nobody to install plug-ins with OAuth; "
            "set KINTONE_USERNAME and KINTONE_PASSWORD of a kintone system administrator"
        )
    plugin_id, version = _identify(content)
    installed = kintone.plugin_version(plugin_id)

    def package(line: str, *, send: bool, downgrade: bool = False) -> Package:
        return Package(plugin_id, version, content, installed, send, line, downgrade)

    if installed is None:
        return package(f"version {version} will be installed", send=True)
    if installed != version and _newer(installed, version):
        line = f"warning: version {installed} is installed, which is newer: the older {version} will take its place"
        return package(line, send=True, downgrade=True)
    if installed != version:
        return package(f"will be updated from version {installed} to {version}", send=True)
    known = history.last_package(plugin_id)
    if known is None:
        line = f"version {version} is installed already; if it was changed since, raise plugin.version to update it"
        return package(line, send=False)
    arrived = known.stage == "done" or (known.stage == "planned" and known.before != version)
    if arrived and known.sha256 == hashlib.sha256(content).hexdigest():
        return package(f"version {version} is installed already", send=False)
    return package(f"version {version} will be installed again: it has other content than the last one", send=True)


def old_package(kintone: Kintone, plugin: PluginRecord, history: History) -> Package:
    """The package that was installed before the deploy of the record, if an earlier deploy kept it.

    DeployError where another one was installed since then, which would be lost for all apps of the domain.
    """
    installed = kintone.plugin_version(plugin.id)

    def staying(line: str) -> Package:
        return Package(plugin.id, plugin.before or "", b"", installed, send=False, line=line)

    if installed == plugin.before:
        return staying(f"version {installed} is there as before: nothing to put back" if installed else "is not there")
    if installed != plugin.version:
        raise DeployError(
            f"plug-in {plugin.id}: version {installed or 'none'} is installed, and this deploy put {plugin.version} "
            "there; it is left as it is: deploy what is wanted instead of rolling back, or roll one app back by --app"
        )
    if plugin.before is None:
        page = f"{kintone.connection.base_url}/k/admin/system/plugin/"
        return staying(
            "was not installed before; it stays, since taking it away would lose its settings in every app "
            f"(an administrator can: {page})"
        )
    for journal in history.journals:
        kept = journal.record.plugin
        same = kept is not None and (kept.id, kept.version) == (plugin.id, plugin.before)
        if kept is not None and same and kept is not plugin and kept.stage == "done":
            line = f"will be put back from version {installed} to {plugin.before}"
            return Package(plugin.id, plugin.before, journal.kept(kept.sha256), installed, send=True, line=line)
    return staying(f"version {plugin.before} was installed before, and no deploy from here kept it; {installed} stays")


def send_package(kintone: Kintone, package: Package) -> None:
    """Installs or updates the plug-in."""
    kintone.say(f"sending the plug-in, version {package.version}")
    key = kintone.upload("plugin.zip", package.content, "application/zip", for_domain=True)
    if package.installed is None:
        kintone.install_plugin(package.id, key)
    else:
        kintone.update_plugin(package.id, key, package.installed, package.version)


def _identify(package: bytes) -> tuple[str, str]:
    """The ID and the version of a plugin.zip."""
    with zipfile.ZipFile(io.BytesIO(package)) as outer:
        plugin_id = id_of_public_key(outer.read("PUBKEY"))
        with zipfile.ZipFile(io.BytesIO(outer.read("contents.zip"))) as contents:
            version = str(json.loads(contents.read("manifest.json"))["version"])
    return plugin_id, version


def _newer(one: str, other: str) -> bool:
    """Whether a version is above another; kintone's are numbers with dots. What is none is no reason to stop."""
    try:
        first, second = ([int(part) for part in version.split(".")] for version in (one, other))
    except ValueError:
        return False
    length = max(len(first), len(second))
    return first + [0] * (length - len(first)) > second + [0] * (length - len(second))
