"""Turns unit configs into kintone customizations.

The way of the data, one direction only:

    units.yaml ─config─▶ Config ─customization─▶ script ─build─▶ dist/ ─deploy─▶ kintone

Each module imports only from modules above it; tests/test_layers.py has the order and keeps it.
"""

__version__ = "0.1.0"
