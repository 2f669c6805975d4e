"""Pulumi component resources that put a platform together; they call `kalypso` for the thinking."""
