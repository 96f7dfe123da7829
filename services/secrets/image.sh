#!/usr/bin/env bash
# Builds the service's image with Docker. Usage: services/secrets/image.sh [NAME:TAG]   (default: secrets-service:dev)
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! docker version --format '{{.Server.Version}}' >/dev/null 2>&1; then
  echo "error: no Docker server answers here; start one, or set DOCKER_HOST" >&2
  exit 1
fi
docker build --file services/secrets/Dockerfile --tag "${1:-secrets-service:dev}" .
