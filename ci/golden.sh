#!/usr/bin/env bash
# Shows what a change does to each environment, without any credentials: the difference of the golden files from
# those of BASE (at first the commit before). The whole difference is in golden.diff among the reports.
set -euo pipefail
cd "$(dirname "$0")/.."
REPORTS=${REPORTS:-.local/reports}
mkdir -p "$REPORTS"
UPDATE_GOLDEN=1 npm run -s test:golden
git diff "${BASE:-HEAD^1}" -- test/golden >"$REPORTS/golden.diff"
{
  echo '### What this changes, by the golden files'
  echo '```text'
  git diff --stat "${BASE:-HEAD^1}" -- test/golden
  echo '```'
} | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
