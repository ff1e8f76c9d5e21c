#!/bin/sh
# Rasa knows its database by the environment only: read the secret's file, then become Rasa.
set -eu
if [ -n "${TRACKER_DATABASE_URL_FILE:-}" ]; then
    TRACKER_DATABASE_URL=$(cat "$TRACKER_DATABASE_URL_FILE")
    export TRACKER_DATABASE_URL
    unset TRACKER_DATABASE_URL_FILE
fi
exec "$@"
