"""Turns unit configs into kintone customizations.

The way of the data, one direction only:

    units.yaml ─config─▶ Config ─customization─▶ script ─build─▶ dist/ ─deploy─▶ kintone

Each module imports only from modules above it: errors, units, config, assets, link, customization, signing, plugin,
build, kintone, deploy, stub, cli. tests/test_layers.py keeps it so.
"""

__version__ = "0.1.0"
