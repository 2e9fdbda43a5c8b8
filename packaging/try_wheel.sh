#!/usr/bin/env bash
# Installs a wheel as a stranger would, in an empty environment far from the repository, and calls it there.
# Usage: packaging/try_wheel.sh dist/ivr_front_desk-*.whl
set -euo pipefail
wheel=$(realpath "$1")
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
"${PYTHON:-python3}" -m venv "$away/venv"
"$away/venv/bin/pip" install --quiet --disable-pip-version-check "$wheel"

mkdir "$away/home" "$away/empty"
cd "$away/empty"
# whoever runs this may have a site of their own
unset PYTHONPATH ${!IVR_*}
ivr() { HOME="$away/home" "$away/venv/bin/ivr" "$@"; }

ivr --version
# what was wrong goes with the folder otherwise
ivr doctor --json >"$away/doctor.json" || { cat "$away/doctor.json"; exit 1; }
ivr demo --json --out calls >"$away/demo.json" || { cat "$away/demo.json"; exit 1; }
"$away/venv/bin/python" - "$away/demo.json" <<'PYTHON'
import json
import pathlib
import sys

shown = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
calls = {report["scenario"]: report["passed"] for report in shown["reports"]}
wavs = {path.stem for path in pathlib.Path("calls").glob("*.wav")}
print(f"ivr demo, from the wheel: {sum(calls.values())} of {len(calls)} calls ended as stated, {len(wavs)} WAVs")
sys.exit(len(calls) != 8 or not all(calls.values()) or wavs != set(calls))
PYTHON
