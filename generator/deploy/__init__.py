"""dist/ → kintone, and back: read, plan, keep the old state, send, publish, look whether it is live.

A deploy follows from what kintone has at its beginning and can be cut off anywhere: the next one reads again and does
what is left. The journal adds what kintone cannot tell: what was there before, and which unpublished settings are ours.
"""
