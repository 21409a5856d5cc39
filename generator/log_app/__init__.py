"""The kintone app that keeps the log of runs: created, or checked and completed."""
