"""The users of the stubbed kintone: who they are, and which groups and organizations they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("ja", "en", "zh", "zh-TW", "es", "pt-BR", "th")

PEOPLE = {"sato": "佐藤 昇", "kato": "加藤 美咲", "suzuki": "鈴木 健太郎"}
ORGANIZATIONS = {"sales": "営業部", "dev": "開発部", "general": "総務部", "sales-east": "東日本営業課"}
GROUPS = {"everyone": "Everyone", "leaders": "リーダー"}
ENTITIES: Mapping[str, Mapping[str, str]] = {
    "USER_SELECT": PEOPLE,
    "ORGANIZATION_SELECT": ORGANIZATIONS,
    "GROUP_SELECT": GROUPS,
}
LOGIN_CODE = "sato"
"""Who is signed in on a page whose browser has not chosen anybody."""

EVERYONE = "everyone"
PARENTS = {"sales-east": "sales"}
"""By an organization's code: the organization that it is part of."""

BELONGS = {"sato": ("sales",), "kato": ("dev",), "suzuki": ("sales-east", "general")}
"""By a user's code: the organizations, the primary one first."""
MEMBERS = {"leaders": ("kato",)}
"""By a group's code: its users. Everyone is in "everyone"."""


@dataclass(frozen=True)
class Person:
    """A user as an author of records."""

    code: str
    name: str

    def as_value(self) -> dict[str, str]:
        """The value of a field such as CREATOR."""
        return {"code": self.code, "name": self.name}

    @property
    def groups(self) -> tuple[str, ...]:
        """The codes of the groups that the user is in."""
        return EVERYONE, *(group for group, members in MEMBERS.items() if self.code in members)

    def is_in(self, organization: str, *, or_below: bool) -> bool:
        """Whether the user belongs to the organization, or to one below it."""
        return any(organization in (ancestors(own) if or_below else (own,)) for own in BELONGS.get(self.code, ()))


def person(code: str) -> Person:
    """The user with this code; other names than those of the page's users are their codes."""
    return Person(code, {**PEOPLE, "admin": "Administrator"}.get(code, code))


def ancestors(organization: str) -> tuple[str, ...]:
    """The organization and those that it is part of."""
    above = PARENTS.get(organization)
    return (organization, *ancestors(above)) if above else (organization,)


def login_user(language: str, code: str) -> dict[str, Any]:
    """The result of kintone.getLoginUser() ("Get Logged-in User", cybozu.dev); other languages become "en"."""
    number = list(PEOPLE).index(code) + 1
    return {
        "id": str(number),
        "code": code,
        "name": PEOPLE[code],
        "email": f"{code}@example.com",
        "url": "",
        "employeeNumber": f"{number:04}",
        "phone": "",
        "mobilePhone": "",
        "extensionNumber": "",
        "timezone": "Asia/Tokyo",
        "isGuest": False,
        "language": language if language in LANGUAGES else "en",
    }


def memberships(code: str) -> dict[str, list[dict[str, Any]]]:
    """The results of kintone.user.getGroups() and getOrganizations() for a user (cybozu.dev)."""

    def entry(names: Mapping[str, str], each: str) -> dict[str, Any]:
        return {"id": str(list(names).index(each) + 1), "code": each, "name": names[each]}

    organizations = [
        {**entry(ORGANIZATIONS, each), "primary": at == 0} for at, each in enumerate(BELONGS.get(code, ()))
    ]
    return {
        "groups": [entry(GROUPS, group) for group in person(code).groups],
        "organizations": [{"organization": each, "title": None} for each in organizations],
    }
