#!/usr/bin/env bash
# Builds the container with the engine that is here: podman, else a docker whose daemon answers.
# Usage: packaging/build_container.sh, after `make wheel`
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v podman >/dev/null; then
    engine=podman
elif command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    engine=docker
else
    echo "no container engine here: install podman, or start docker's daemon; nothing was built" >&2
    exit 1
fi
cp requirements.lock dist/
"$engine" build --file packaging/Containerfile --tag ivr-front-desk dist
"$engine" run --rm --network none ivr-front-desk doctor
