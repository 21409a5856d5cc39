"""dist/ → kintone, and back: read, plan, keep the old state, send, publish, look whether it is live.

A deploy follows from what kintone has at its beginning and can be interrupted anywhere: the next one reads again and
does what is left. The journal adds what kintone cannot tell: what was there before, for `rollback`, and the hash of the
plug-in package that was sent.
"""
