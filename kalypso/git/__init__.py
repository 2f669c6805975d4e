"""Git as the platform uses it: trees read by object, one commit written, refs moved with care."""
