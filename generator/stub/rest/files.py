"""Files: "Upload File" and "Download File"."""

import uuid
from datetime import timedelta

from flask import Response, request

from generator.stub.rest.answers import answered, invalid, unknown_file
from generator.stub.rest.call import Apis, Call
from generator.stub.rest.state import Rest, StoredFile

# "Upload File": a file that is not used is deleted after that.
UNUSED_FILE_LIFE = timedelta(days=3)


def uploaded(rest: Rest, key: str) -> StoredFile | None:
    """The uploaded file that is not used yet, if it is still there."""
    stored, at = rest.uploads.get(key, (None, rest.clock.now()))
    return stored if rest.clock.now() - at < UNUSED_FILE_LIFE else None


def _post_file(rest: Rest, _call: Call) -> Response:
    if list(request.files) != ["file"]:
        raise invalid("file", "Required field.")
    given = request.files["file"]
    key = str(uuid.uuid4())
    rest.uploads[key] = (StoredFile(given.filename or "", given.mimetype, given.read()), rest.clock.now())
    return answered({"fileKey": key})


def _get_file(rest: Rest, _call: Call) -> Response:
    key = request.args.get("fileKey", "")
    # The key of an upload cannot be used for downloads ("Upload File").
    if key not in rest.downloads:
        raise unknown_file(key)
    stored = rest.downloads[key][0]
    return Response(stored.content, content_type=stored.content_type)


APIS: Apis = {("POST", "file.json"): _post_file, ("GET", "file.json"): _get_file}
