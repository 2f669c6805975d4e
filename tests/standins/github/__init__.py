"""A stand-in for GitHub: its API and its git server, for forges, workflows and the real engine.

It knows GitHub's interface, checked against GitHub's own description of it, and nothing of the
program under test.
"""
