"""What Go does, in Python: its values, packages and texts."""
