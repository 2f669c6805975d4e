"""Evaluation: the order of the rooms, from sources to files."""
