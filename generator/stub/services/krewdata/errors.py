"""krewData's error answers: every row of the reference's "Error Response" tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ErrorRow:
    """A row of the reference's "Error Response" tables, its `description` word for word; `name` is Runbutton's."""

    name: str
    code: int
    status: str
    description: str


def _bad_request(name: str, description: str) -> ErrorRow:
    return ErrorRow(name, 400, "Bad Request", description)


def _bad_text(parameter: str) -> tuple[ErrorRow, ErrorRow]:
    return (
        _bad_request(f"{parameter}-type", f"{parameter} data type is wrong, should be string type."),
        _bad_request(
            f"{parameter}-empty",
            f'{parameter} is empty or {parameter} cannot be found. Pay attention to the spelling of "{parameter}".',
        ),
    )


# All rows by call, so that tests and faults can use each of them.
ERRORS: dict[str, tuple[ErrorRow, ...]] = {
    "token": (
        *_bad_text("krewdataAppUrl"),
        _bad_request(
            "krewdataAppUrl-format", 'krewdataAppUrl format is wrong, should be "https://yourdomain/k/appId(/)".'
        ),
        _bad_request("path", "Request path is invalid."),
        _bad_request("method", "Request type (Webhook/API) is wrong."),
        *_bad_text("serialNumber"),
        _bad_request("serialNumber-format", "serialNumber is not a valid Base64 encoding value."),
        _bad_request(
            "krewdataAppUrl-unknown",
            'Specified krewdataAppUrl is invalid, should be "https://yourdomain.cybozu.com/k/{appId}".',
        ),
        _bad_request("unit-disabled", "Specified unit is invalid."),
        _bad_request("schema", "Token request body schema is wrong."),
        ErrorRow("licence", 401, "Unauthorized", "Illegal License."),
        ErrorRow(
            "rate",
            429,
            "Too Many Requests",
            "The rate limit for API calls has been exceeded. Specified unit has been disabled.",
        ),
    ),
    "run": (
        *_bad_text("accessToken"),
        _bad_request("appId-unknown", "app (appId) is not call app of task specified."),
        *_bad_text("appId"),
        _bad_request("record-type", "record data type is wrong, should be keep with Kintone record."),
        _bad_request("path", "Request path is invalid."),
        _bad_request("schema", "Run request body schema is wrong."),
        _bad_request(
            "accessToken-expired",
            "Specified token has been created for more than 10 minutes and cannot be used to run unit.",
        ),
        _bad_request("accessToken-used", "Specified token has been used."),
        _bad_request("accessToken-unknown", "Specified token is invalid."),
        *_bad_text("user"),
        # The reference prints this row as a torn piece of JSON: … execution unit.","taskId":{taskId}
        ErrorRow("conflict", 409, "Conflict", "Other User is running the execution unit."),
    ),
    "status": (
        *_bad_text("accessToken"),
        _bad_request("path", "Request path is invalid."),
        _bad_request("accessToken-unknown", "Specified accessToken is invalid."),
        _bad_request("taskId-unknown", "Specified taskId is invalid."),
        _bad_request("schema", "Status request body schema is wrong."),
        *_bad_text("taskId"),
    ),
}
ROWS = {(call, row.name): row for call, rows in ERRORS.items() for row in rows}
