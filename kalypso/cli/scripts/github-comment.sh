#!/bin/sh
# Puts comment.md of a preview on a pull request of GitHub: one comment for each environment,
# which is edited when the pull request changes.
#
#   GH_TOKEN           may write pull requests of this repository; that of the workflow's run
#   GITHUB_API_URL     set by GitHub
#   GITHUB_REPOSITORY  set by GitHub
#   PULL_REQUEST       its number
#   OUT                folder with comment.md
#   PAUSE              seconds before it is tried again, more with each try; default 2. Thirty
#                      times as many where GitHub says that there were too many calls
set -eu
issues="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues"
mark=$(head -n 1 "$OUT/comment.md")
again=75

# Leaves the answer in answer.json; ends with $again if another try may help.
# The token comes from standard input: what stands in a command line, every process can read.
call() {
  sent=0
  code=$(
    printf 'header = "Authorization: Bearer %s"\n' "$GH_TOKEN" |
      curl --config - --silent --show-error --max-time 60 --output "$OUT/answer.json" \
        --write-out '%{http_code}' --header 'Accept: application/vnd.github+json' \
        --header 'Content-Type: application/json' "$@"
  ) || sent=$?
  ended=1
  case "$sent $code" in
    "0 2"*) return 0 ;;
    "0 5"* | [1-9]*) ended=$again rest=$tries ;;
    "0 429") ended=$again rest=30 ;;
    "0 403") if grep -qi 'rate limit' "$OUT/answer.json"; then ended=$again rest=30; fi ;;
  esac
  echo "$* answered $code: $(head -c 400 "$OUT/answer.json" 2>/dev/null)" >&2
  return "$ended"
}

# Sets $found to the number of the comment, if there is one.
find_ours() {
  found=
  page=1
  while [ -z "$found" ]; do
    call "$issues/$PULL_REQUEST/comments?per_page=100&page=$page" || return
    # Only a bot's comment is ours: a person may quote one.
    found=$(jq --raw-output --arg mark "$mark" \
      'map(select(.user.type == "Bot" and (.body | startswith($mark))) | .id)[0] // empty' \
      "$OUT/answer.json")
    [ "$(jq length "$OUT/answer.json")" -eq 100 ] || break
    page=$((page + 1))
  done
}

# Looks first, also when it is tried again: an answer that was lost made a comment all the same.
put() {
  find_ours || return
  if [ -n "$found" ]; then
    call --request PATCH --data "@$OUT/body.json" "$issues/comments/$found" || return
  else
    call --request POST --data "@$OUT/body.json" "$issues/$PULL_REQUEST/comments" || return
  fi
}

jq --null-input --rawfile body "$OUT/comment.md" '{body: $body}' >"$OUT/body.json"
tries=1
until put; do
  ended=$?
  if [ "$ended" -ne "$again" ] || [ "$tries" -ge 4 ]; then exit 1; fi
  sleep "$((rest * ${PAUSE:-2}))"
  tries=$((tries + 1))
done
jq --raw-output .html_url "$OUT/answer.json"
