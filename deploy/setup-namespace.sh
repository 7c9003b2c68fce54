#!/bin/sh
# One-shot: the namespace and what builds can be searched by. Can be run again.
set -eu

# A new namespace is known to every part of the server after some seconds, so each step is tried for a minute.
attempt() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 30 ]; then exit 1; fi
    sleep 2
  done
}

attempt temporal operator cluster health
if ! temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  attempt temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 30d
fi

# The same names and types as src/workflows/attributes.ts.
attempt temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
  --name ProjectId --type Keyword \
  --name BuildId --type Keyword \
  --name BuildState --type Keyword \
  --name BuildStatus --type Keyword \
  --name BuildRole --type Keyword \
  --name BuildAttempt --type Int \
  --name BuildSpendUsd --type Double
