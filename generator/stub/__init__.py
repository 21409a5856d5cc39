"""The stubbed kintone and both services, emulated: the preview's world and the tests'. Listens on loopback only."""
