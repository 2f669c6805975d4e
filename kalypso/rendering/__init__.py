"""From assignments and their values to the text of manifests."""
