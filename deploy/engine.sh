#!/bin/sh
# Rasa knows secrets by the environment only: read those that stand in files, then become Rasa.
set -eu
for name in TRACKER_DATABASE_URL SECRET_KEY; do
    eval "file=\${${name}_FILE:-}"
    if [ -n "$file" ]; then
        value=$(cat "$file")
        export "$name=$value"
        unset "${name}_FILE"
    fi
done
exec "$@"
