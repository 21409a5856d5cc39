"""Who a REST request is from ("Authentication", kintone.dev): a password takes precedence over an API token, that over
OAuth, and a page's session comes last."""

import base64
from dataclasses import dataclass

from flask import request

from generator.stub.people import PEOPLE, Person, person
from generator.stub.rest.answers import RestError
from generator.stub.rest.call import Call
from generator.stub.rest.record_rights import Actor, Deed
from generator.stub.rest.state import ADMINISTRATOR, ApiToken, Rest
from generator.stub.session import user_of_request

TOKEN_PARAMETER = "__REQUEST_TOKEN__"
"""The name of the page's request token in a body ("Session Authentication")."""

_RECORDS = ("record.json", "records.json")
_DEEDS: dict[str, Deed] = {"GET": "view", "POST": "add", "PUT": "edit", "DELETE": "delete"}
# What users who administer no app may ask for, besides records.
_USERS = {"app.json", "apps.json", "app/form/fields.json", "app/form/layout.json"}
# Operations with an API token are recorded as Administrator's ("Common Specifications").
_TOKENS_ACTOR = Actor(Person("Administrator", "Administrator"), is_token=True)


@dataclass(frozen=True)
class SignedIn:
    """Who sends the request; `tokens` are its API tokens; `is_session`: from a page, signed in by the browser."""

    actor: Actor
    tokens: tuple[ApiToken, ...] = ()
    is_session: bool = False


def sign_in(rest: Rest, path: str) -> SignedIn:
    """Who sends Flask's current request. RestError if nobody does, or not in this way."""
    password = request.headers.get("X-Cybozu-Authorization")
    bearer = request.headers.get("Authorization", "")
    if password is not None:
        try:
            user, _, given = base64.b64decode(password, validate=True).decode().partition(":")
        except ValueError:
            user, given = "", ""
        if user not in rest.users or rest.users[user] != given:
            rest.wrong_passwords += 1
            raise RestError(401, "CB_WA01", "Password authentication failed. Wrong user name or password.")
        return SignedIn(Actor(person(user)))
    if "X-Cybozu-API-Token" in request.headers:
        return SignedIn(_TOKENS_ACTOR, _tokens(rest, path))
    if rest.plugin_settings.administers(request.headers.get("X-Stub-Settings", ""), request.args.get("app", 0, int)):
        # The session of a settings page that calls kintone.api().
        return SignedIn(Actor(person(ADMINISTRATOR)))
    if bearer.startswith("Bearer ") and bearer.removeprefix("Bearer ") in rest.oauth_tokens:
        # There is no OAuth scope for plug-ins.
        if "plugin" in path:
            raise RestError(403, "CB_NO02", "No privilege to proceed.")
        return SignedIn(Actor(person(ADMINISTRATOR)))
    if request.headers.get("X-Requested-With"):
        return SignedIn(Actor(person(user_of_request())), is_session=True)
    raise RestError(401, "CB_AU01", "Please login.")


def refuse_without_right(signed_in: SignedIn, method: str, path: str, call: Call) -> None:
    """RestError where the way of signing in does not reach; the rights of users are checked with the records."""
    if signed_in.is_session:
        _refuse_foreign_page(call.rest)
    if signed_in.actor.person.code in PEOPLE and path not in _RECORDS and not (method == "GET" and path in _USERS):
        raise RestError(403, "CB_NO02", "No privilege to proceed.")
    if signed_in.tokens:
        # A token is valid for its own app; each API's page documents the rights that it needs.
        needed: set[str] = {_DEEDS[method]} if path in _RECORDS else {"settings"}
        if call.body.get("upsert") is True:
            needed.add("add")
        apps = [call.app_id()] if path in _RECORDS else []
        rights = {right for token in signed_in.tokens if not apps or token.app in apps for right in token.rights}
        if not needed <= rights:
            raise _no_right()


def _refuse_foreign_page(rest: Rest) -> None:
    """What a page changes needs the page's request token, so that no other site can do it with the user's session."""
    body = request.get_json(silent=True) if request.is_json else None
    token = body.pop(TOKEN_PARAMETER, None) if isinstance(body, dict) else None
    if request.method != "GET" and token != rest.request_token:
        raise RestError(403, "STUB_TOKEN", "The request lacks the page's request token.")


def _tokens(rest: Rest, path: str) -> tuple[ApiToken, ...]:
    if path.endswith("customize.json") or path.startswith("plugin") or path == "preview/app.json":
        raise _no_right()
    # One header can have several, separated by commas.
    named = [token.strip() for token in request.headers["X-Cybozu-API-Token"].split(",")]
    if any(token not in rest.api_tokens for token in named):
        raise RestError(520, "GAIA_IA02", "The specified API token does not match the API token of an app.")
    return tuple(rest.api_tokens[token] for token in named)


def _no_right() -> RestError:
    return RestError(403, "GAIA_NO01", "Using this API token, you cannot run the specified API.")
