"""Delivery: the manifests of an environment become one pull request to its branch."""
