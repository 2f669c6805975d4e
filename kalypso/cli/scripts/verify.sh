#!/bin/sh
# Proves that a commit of the GitOps repository holds exactly what the model says.
#
#   GITOPS  checkout of the GitOps repository
#   COMMIT  the commit that was proposed
#
# Ends with 1 if a manifest differs, with 2 if the commit does not say what it was made of.
set -eu
kalypso verify --gitops "$GITOPS" --commit "$COMMIT" --patch
