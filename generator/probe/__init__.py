"""The probe: tests undocumented behaviour in a user's own tenant, and reports what it changes."""
