#!/bin/sh
# Shows what a change of the model does to one environment, before it is merged.
#
#   ENVIRONMENT    the environment, for example dev: its branch, and the name of its stack
#   TARGET         branch that the change goes to: the environment's, or the base (main)
#   CONTROL_PLANE  address of the control plane's repository
#   MODEL          checkout of the change, with the branch origin/$TARGET; an absolute path
#   PROGRAM        checkout of the program; empty: no `pulumi preview`, for who may see no secrets
#   OUT            folder for the results: comment.md
#   FORM           how problems are told: github (annotations of lines), text, json
#
# Ends with 0 if the model is good. Removals above the limit are marked in the comment: they stop
# `pulumi up` until somebody acknowledges them.
set -eu
out=$(mkdir -p "$OUT" && cd "$OUT" && pwd)
cd "$MODEL"
if [ "$TARGET" = "$ENVIRONMENT" ]; then
  set -- --environment "$ENVIRONMENT" --control-plane .
  before=--from setting=model.folder
else
  set -- --environment "$ENVIRONMENT" --control-plane "$CONTROL_PLANE@$ENVIRONMENT" --base .
  before=--base-from setting=model.base
fi

status=0
kalypso validate "$@" --output "${FORM:-text}" || status=$?
if [ "$status" -ne 0 ]; then
  kalypso validate "$@" >"$out/problems.txt" 2>&1 || true
  kalypso ci comment --environment "$ENVIRONMENT" --problems "$out/problems.txt" >"$out/comment.md"
  exit "$status"
fi

kalypso diff "$@" "$before" "origin/$TARGET" --output markdown --longest 45000 >"$out/diff.md"
removals=0
kalypso diff "$@" "$before" "origin/$TARGET" --output name-only --check \
  >"$out/files.txt" 2>"$out/removals.txt" || removals=$?
[ "$removals" -eq 2 ] || : >"$out/removals.txt"

previewed=0
: >"$out/preview.txt"
if [ -n "${PROGRAM:-}" ]; then
  (
    cd "$PROGRAM"
    pulumi preview --stack "$ENVIRONMENT" --diff --non-interactive --color never \
      --config "$setting=$MODEL"
  ) >"$out/preview.txt" 2>&1 || previewed=$?
  cat "$out/preview.txt"
  if [ "$previewed" -ne 0 ] && grep -q '\[too-many-removals\]' "$out/preview.txt"; then
    [ -s "$out/removals.txt" ] || grep -A 12 'too-many-removals' "$out/preview.txt" >"$out/removals.txt"
    previewed=0
  fi
fi
kalypso ci comment --environment "$ENVIRONMENT" --diff "$out/diff.md" \
  --removals "$out/removals.txt" --preview "$out/preview.txt" >"$out/comment.md"
exit "$previewed"
