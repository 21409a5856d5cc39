"""dist/ → kintone, and back: read, plan, save the old state, send, publish, check the live settings.

A deploy starts from kintone's current state and can be interrupted anywhere: the next one reads again and does the
rest. The journal stores what kintone does not: the earlier state, for `rollback`, and the hash of the plug-in package
that was sent.
"""
