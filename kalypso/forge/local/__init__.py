"""The embedded forge: bare repositories in a folder."""
