"""From folders and git branches to the objects of the platform model."""
