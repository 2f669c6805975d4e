"""What makes a cluster apply its folder of the GitOps repository: Flux, or Argo CD."""
