"""The stubbed kintone with the services emulated, for the preview and the tests. It listens on loopback only.

A switch is an undocumented fact that can be turned either way, a fault is one call that fails, a choice is what the
person at the preview picks.
"""
