"""The repositories of a platform, on either forge."""
