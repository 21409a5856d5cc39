"""The stubbed kintone with the services emulated, for the preview and the tests. It listens on loopback only.

A switch sets an undocumented fact either way, a fault is one call that fails, a choice is made by the user of the
preview.
"""
