#!/usr/bin/env bash
# Writes the kubeconfig in KUBECONFIG_CONTENT into a file of its own and names it to the steps that follow.
set -euo pipefail
if [ -z "${KUBECONFIG_CONTENT:-}" ]; then
  echo "no KUBECONFIG_CONTENT: the runner's own kubeconfig is used"
  exit 0
fi
umask 077
printf '%s\n' "$KUBECONFIG_CONTENT" >"$RUNNER_TEMP/kubeconfig"
echo "KUBECONFIG=$RUNNER_TEMP/kubeconfig" >>"$GITHUB_ENV"
