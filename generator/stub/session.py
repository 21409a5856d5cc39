"""Who is signed in in a browser. Each browser chooses its user, so that several can be signed in at once."""

from flask import request

from generator.stub.people import LOGIN_CODE, PEOPLE

USER_COOKIE = "stub-user"


def user_of_request() -> str:
    """The code of the user whose browser sends Flask's current request."""
    chosen = request.cookies.get(USER_COOKIE, "")
    return chosen if chosen in PEOPLE else LOGIN_CODE
