#!/bin/sh
# Shows what a change of the model does to one environment, before it is merged.
#
#   ENVIRONMENT    the environment, for example dev: its branch, and the name of its stack
#   TARGET         branch that the change goes to: the environment's, or the base's; of any other
#                  there is nothing to show
#   BASE           branch of the base; default main
#   CONTROL_PLANE  address of the control plane's repository
#   MODEL          checkout of the change, with the branch origin/$TARGET and the history of both;
#                  an absolute path
#   PROGRAM        checkout of the program; empty: no `pulumi preview`, for who may see no secrets
#   OUT            folder for the results: comment.md, the longer summary.md, and report/ with
#                  everything
#   FORM           how problems are told: github (annotations of lines), text, json
#   OPTIONS        of `kalypso validate` and `diff`, if the stack's settings differ from the
#                  defaults: --conventions operator, --missing-key default, --strict
#   COMMIT         commit that the comment is about; may be empty
#   REPORT         page with the summary and the report, for a link; may be empty
#
# Ends with 0 if the model is good. Removals above the limit are marked in the comment and fail
# nothing: they stop `pulumi up` until somebody acknowledges them.
set -euf
if [ "$TARGET" != "$ENVIRONMENT" ] && [ "$TARGET" != "${BASE:-main}" ]; then
  echo "$TARGET is not the branch of $ENVIRONMENT"
  exit 0
fi
out=$(mkdir -p "$OUT/report" && cd "$OUT" && pwd)
report=$out/report
cd "$MODEL"
if [ "$TARGET" = "$ENVIRONMENT" ]; then
  set -- --environment "$ENVIRONMENT" --control-plane .
  before=--from setting=model.folder
else
  set -- --environment "$ENVIRONMENT" --control-plane "$CONTROL_PLANE@$ENVIRONMENT" --base .
  before=--base-from setting=model.base
fi
# shellcheck disable=SC2086 # several words are several options
set -- "$@" ${OPTIONS:-}
# What the change began with: the branch may have gone on, and that is none of the change.
start=$(git merge-base "origin/$TARGET" HEAD) || {
  echo "$MODEL and origin/$TARGET have no common commit here: fetch the history of both" >&2
  exit 2
}

# Prints a file that has content of the model: no line of it is a command to the CI system.
show() {
  sed -e 's/^\([[:space:]]*\)::/\1: :/' -e 's/##\(vso\)\{0,1\}\[/# #\1[/g' "$1"
}

say() {
  kalypso ci comment --environment "$ENVIRONMENT" --commit "${COMMIT:-}" \
    --report "${REPORT:-}" "$@"
}

status=0
kalypso validate "$@" --output "${FORM:-text}" \
  >"$out/validated.txt" 2>"$out/told.txt" || status=$?
if [ "${FORM:-}" = github ]; then
  # All errors, and what looks wrong where something was changed; the report has the rest.
  git diff --name-only "$start" | sed 's/.*/::warning file=&,line=/' >"$out/changed.txt"
  grep -e '^::error ' "$out/validated.txt" || true
  grep -F -f "$out/changed.txt" "$out/validated.txt" || true
else
  show "$out/validated.txt"
fi
show "$out/told.txt" >&2
kalypso validate "$@" >"$report/problems.txt" 2>&1 || true
if [ "$status" -ne 0 ]; then
  say --problems "$report/problems.txt" >"$out/comment.md"
  cp "$out/comment.md" "$out/summary.md"
  exit "$status"
fi

compared=0
kalypso diff "$@" "$before" "$start" --check --output markdown --longest 45000 \
  --report "$report" >"$out/diff.md" 2>"$report/check.txt" || compared=$?
if [ -s "$out/diff.md" ]; then
  # 1 says that something differs, 2 that more is removed than a run may.
  compared=0 found=--diff short=$out/diff.md long=$report/diff.md
else
  show "$report/check.txt" >&2
  found=--uncompared short=$report/check.txt long=$report/check.txt
  # 2 says that the branch as it is has errors; the change mends them, or validate had found some.
  if [ "$compared" -eq 2 ]; then compared=0; fi
fi

previewed=0
failed=
: >"$report/preview.txt"
if [ -n "${PROGRAM:-}" ]; then
  (
    cd "$PROGRAM"
    pulumi preview --stack "$ENVIRONMENT" --diff --non-interactive --color never \
      --config "$setting=$MODEL"
  ) >"$out/preview.txt" 2>&1 || previewed=$?
  sed -e "s|^error: $MODEL/|error: |" "$out/preview.txt" >"$report/preview.txt"
  show "$report/preview.txt"
fi
if [ "$previewed" -ne 0 ]; then
  failed=yes
  # The engine's own messages begin a line; content of the model does not.
  grep '^error: ' "$report/preview.txt" >"$out/errors.txt" || true
  if [ -s "$out/errors.txt" ] && ! grep -qv ' \[too-many-removals\]$' "$out/errors.txt"; then
    previewed=0
    if [ "${FORM:-}" = github ]; then printf '::warning title=too-many-removals::'; fi
    echo "pulumi up will refuse to remove so much until it is acknowledged: see the comment"
  elif [ "${FORM:-}" = github ]; then
    place='\([^:,]*\):\([0-9]*\):\([0-9]*\)'
    sed -n -e "s/^error: $place: error: \(.*\) \[\([a-z-]*\)\]\$/::error file=\1,line=\2,col=\3,title=\5::\4/p" \
      "$out/errors.txt"
  fi
fi
set -- --checked "$report/check.txt" --preview "$report/preview.txt" ${failed:+--failed}
say "$found" "$short" "$@" >"$out/comment.md"
say "$found" "$long" "$@" --longest 250000 >"$out/summary.md"
if [ "$compared" -ne 0 ]; then exit "$compared"; fi
exit "$previewed"
