# shellcheck shell=bash
# What the scripts beside it share. They run from the project's folder, in whichever pipeline there is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
: "${PULUMI_STACK:?set it to the stack, such as dev}"
REPORTS=${REPORTS:-.local/reports}
mkdir -p "$REPORTS"

say() { printf '== %s\n' "$*"; }

pipeline() { node -r ts-node/register/transpile-only ci/main.ts "$@"; }

# Runs Pulumi and writes its report as the given kind. The exit code is Pulumi's own.
engine() {
  local kind=$1 code=0
  shift
  local arguments=("$@" --diff --non-interactive --suppress-outputs --color never)
  if [ -d "${POLICY_PACK:-policies}" ]; then arguments+=(--policy-pack "${POLICY_PACK:-policies}"); fi
  say "pulumi ${arguments[*]} (stack $PULUMI_STACK)"
  local output
  output=$(mktemp)
  # Nothing reaches the log or the report that has not been through `redact`; where that fails, nothing is known.
  pulumi "${arguments[@]}" 2>&1 | pipeline redact | tee "$output" || {
    code=${PIPESTATUS[0]}
    if [ "$code" = 0 ]; then return 1; fi
  }
  pipeline report "$kind" "$code" <"$output" || return 1
  rm -f "$output"
  return "$code"
}
