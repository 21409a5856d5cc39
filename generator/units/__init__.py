"""The unit configs of units.yaml as frozen models: every key, what it may hold and what follows from it. No I/O."""
