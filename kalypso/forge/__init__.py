"""Forges: repositories, pull requests and issues on a server or in a folder."""
