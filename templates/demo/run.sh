#!/bin/sh
# The main job on a real transcript, in a repository of its own: learn, learn again, look, search.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
library=$(mktemp -d "${TMPDIR:-/tmp}/skillgit-demo.XXXXXX")
export GIT_PAGER=cat SKILLGIT_USER=ada
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi

step() { printf '\n%s$ %s%s\n' "$bold" "$1" "$plain"; eval "$1"; }

step "skillgit init '$library'"
cd "$library"
step "skillgit ingest '$here/session-1.json'"
step "skillgit ingest '$here/session-2.json'"
step "skillgit list"
skill=$(skillgit list --json | sed -n '1s/.*"path": "\([^"]*\)".*/\1/p')
step "skillgit show $skill"
step "git log --format='%h %s'"
step "skillgit diff $skill 0.1.0..0.1.1"
step "skillgit search 'Write the status report for this week'"
printf '\nThe library is in %s: try git log -p, skillgit why, skillgit revert, skillgit web.\n' "$library"
