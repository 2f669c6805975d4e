"""What `make` runs: sets up Python and the Pulumi engine, then drives the stacks.

Only the standard library is used here, because nothing else is there at the start.
"""
