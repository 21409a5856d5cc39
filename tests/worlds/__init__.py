"""The runtime in simulated worlds: see README.md here."""
