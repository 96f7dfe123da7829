#!/usr/bin/env bash
# Updates the stack and writes the report up-<stack>.json. Exit code 0: done; else it failed.
source "$(dirname "$0")/engine.sh"
engine up up --yes
