#!/bin/sh
# Delivers one environment: opens its pull request, or brings the one that is open up to date.
#
#   ENVIRONMENT  the environment: name of its stack
#   PROGRAM      checkout of the program
#   TARGET       branch that changed; of one that is neither the environment's nor the base's,
#                there is nothing to deliver. Empty: anything may have changed
#   BASE         branch of the base; default main
set -eu
case "${TARGET:-}" in
  "" | "$ENVIRONMENT" | "${BASE:-main}") ;;
  *)
    echo "$TARGET is not the branch of $ENVIRONMENT"
    exit 0
    ;;
esac
cd "$PROGRAM"
pulumi up --stack "$ENVIRONMENT" --yes --skip-preview --non-interactive --color never
