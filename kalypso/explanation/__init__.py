"""Explanation: why an assignment is there, or a change."""
