#!/usr/bin/env bash
# Previews the stack and writes the report preview-<stack>.json. Exit code 0: it could be made; else it failed.
source "$(dirname "$0")/engine.sh"
engine preview preview
