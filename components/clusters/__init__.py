"""Clusters, each as the provider of Kubernetes that reaches it."""
