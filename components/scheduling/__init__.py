"""Who runs where in one environment, and how the manifests get there."""
