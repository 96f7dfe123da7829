#!/usr/bin/env bash
# Publishes reports: `publish.sh comment` those of previews in one comment of the pull request, `publish.sh issues`
# those of drift in one issue for each environment.
set -euo pipefail
cd "$(dirname "$0")/.."
exec node -r ts-node/register/transpile-only ci/main.ts "$@"
