#!/bin/sh
# Delivers one environment: opens its pull request, or brings the one that is open up to date.
#
#   ENVIRONMENT  the environment: name of its stack
#   PROGRAM      checkout of the program
set -eu
cd "$PROGRAM"
pulumi up --stack "$ENVIRONMENT" --yes --skip-preview --non-interactive --color never
