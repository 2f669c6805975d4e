"""Sprig's template functions: all of v2.22.0, and the names that only v3.3.0 has."""
