"""The probe: settles on a user's own tenant what no document says, and tells what that changes."""
