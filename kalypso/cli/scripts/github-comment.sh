#!/bin/sh
# Puts comment.md of a preview on a pull request of GitHub: one comment for each environment,
# which is edited when the pull request changes.
#
#   GH_TOKEN           may write pull requests of this repository
#   GITHUB_API_URL     set by GitHub
#   GITHUB_REPOSITORY  set by GitHub
#   PULL_REQUEST       its number
#   OUT                folder with comment.md
set -eu
issues="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues"

# The token comes from standard input: what stands in a command line, every process can read.
call() {
  printf 'header = "Authorization: Bearer %s"\n' "$GH_TOKEN" |
    curl --config - --fail --silent --show-error --retry 3 --max-time 60 \
      --header 'Accept: application/vnd.github+json' "$@"
}

mark=$(head -n 1 "$OUT/comment.md")
page=1
found=
while [ -z "$found" ]; do
  call "$issues/$PULL_REQUEST/comments?per_page=100&page=$page" >"$OUT/comments.json"
  # Only a bot's comment is ours: a person may quote one.
  found=$(jq --raw-output --arg mark "$mark" \
    'map(select(.user.type == "Bot" and (.body | startswith($mark))) | .id)[0] // empty' \
    "$OUT/comments.json")
  [ "$(jq length "$OUT/comments.json")" -eq 100 ] || break
  page=$((page + 1))
done

jq --null-input --rawfile body "$OUT/comment.md" '{body: $body}' >"$OUT/body.json"
if [ -n "$found" ]; then
  call --request PATCH --data "@$OUT/body.json" "$issues/comments/$found" >"$OUT/answer.json"
else
  call --request POST --data "@$OUT/body.json" "$issues/$PULL_REQUEST/comments" >"$OUT/answer.json"
fi
jq --raw-output .html_url "$OUT/answer.json"
