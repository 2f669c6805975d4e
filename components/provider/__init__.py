"""The provider `pulumi-resource-kalypso`: repositories and branches as resources of the engine."""
