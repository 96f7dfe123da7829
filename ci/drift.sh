#!/usr/bin/env bash
# Compares the stack with what is really there, changes nothing, and writes the report drift-<stack>.json.
# Exit code 0: no drift; 3: drift; anything else: it could not be compared.
source "$(dirname "$0")/engine.sh"
code=0
engine drift preview --refresh --expect-no-changes || code=$?
# Pulumi's own code for changes where none were expected.
if [ "$code" = 7 ]; then exit 3; fi
exit "$code"
