"""Kalypso: schedules workloads on fleets of Kubernetes clusters from a model in Git."""

__version__ = "0.1.0"
