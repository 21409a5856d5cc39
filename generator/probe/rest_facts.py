"""What is not settled of kintone's REST API."""

from generator.probe.fact import YES_NO, Fact

REST = (
    Fact(
        "key_for_one_entry", "R", "rest",
        "Whether an upload's key is good for one entry of a customization only.",
        "deploy tries one upload for all entries of a file, and where that is refused one for each.",
        "rest.key_for_one_entry", YES_NO, tests=("tests/test_deploy.py",),
    ),
    Fact(
        "revert_raises", "R", "rest",
        "Whether discarding changes gives an app's settings a new revision or the live one's.",
        "rollback takes the revision from what it reads, and never counts one itself.",
        "rest.revert_raises", YES_NO, tests=("tests/test_stub_rest.py",),
        why="Which of the two it was shows in the next read; no test of the product turns it.",
    ),
    Fact(
        "deploy_while_deploying", "R", "rest",
        "With which HTTP status settings are refused while the app is being published (documented only as 'an error').",
        "deploy waits until no deploy is under way, and repeats after a refusal.",
        "rest.deploying_status", {"400": 400, "409": 409, "520": 520}, tests=("tests/test_deploy.py",),
    ),
    Fact(
        "customize_rights", "R", "rest",
        "Whether changing a customization by REST needs the system's administration besides the app's (old pages).",
        "deploy says what kintone answers.",
        why="It takes a second user without those rights; the stub has one administrator.",
    ),
    Fact(
        "plugin_version", "R", "rest",
        "Whether an update of a plug-in must have a higher version, or may have the same or a lower one.",
        "deploy leaves the same version alone; rollback puts back a lower one.",
        why="The stub takes any; the guide asks to raise the version with every release.",
    ),
    Fact(
        "plugin_key_2048", "R", "rest",
        "Whether kintone takes plug-ins that were signed with a key of 2048 bits.",
        "keygen makes 1024 bits; keys that people bring may be longer.",
        why="The stub takes any size, as kintone's own packers do.",
    ),
    Fact(
        "plugin_package", "R", "rest",
        "Whether kintone takes stored zip entries, and how large a plugin.zip may be in all (100 MB of files).",
        "pack deflates every entry; what is built is far smaller.",
        why="What is built keeps to what kintone's own packers do, so that nothing depends on it.",
    ),
    Fact(
        "secure_option", "R", "rest",
        "Whether a tenant with Secure Option or a sandbox lets kintone.proxy through, and with which permission.",
        "deploy warns where an app's allowed_hosts lack a service's host, and leaves the policy as it is.",
        why="No tenant shows it without that option; the report names the functions that the page has.",
    ),
)  # fmt: skip
