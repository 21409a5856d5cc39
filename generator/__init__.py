"""Turns unit configs into kintone customizations.

Data flows in one direction:

    units.yaml ─config─▶ Config ─customization─▶ script ─build─▶ dist/ ─deploy─▶ kintone

Each module imports only from modules above it; tests/test_layers.py checks the order.
"""

__version__ = "0.1.0"
