"""A stand-in for Azure and for the plugin of `pulumi-azure-native`, for runs of the real engine.

It knows Azure's interface for the kinds in `kinds.py`, and nothing of the program under test.
"""
