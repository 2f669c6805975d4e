"""The GitOps repository's branch of an environment: its layout, and what a change does to it."""
