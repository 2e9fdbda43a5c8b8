"""The files of packaging/ say what the program, the Makefile and the pages say."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_docs import COMMANDS

PACKAGING = ROOT / "packaging"
UNITS = sorted(path for path in PACKAGING.iterdir() if path.suffix in {".service", ".timer"})
SYSTEMD = shutil.which("systemd-analyze")


def test_what_the_service_runs_is_a_command_without_questions() -> None:
    (line,) = re.findall(
        r"^ExecStart=(.+)$", (PACKAGING / "ivr-purge.service").read_text(encoding="utf-8"), re.MULTILINE
    )
    words = shlex.split(line)
    assert Path(words[0]).is_absolute()
    COMMANDS[" ".join([Path(words[0]).name, words[1]])].make_context("ivr", words[2:])


@pytest.mark.skipif(SYSTEMD is None, reason="needs systemd-analyze (Debian: systemd)")
def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    assert SYSTEMD is not None
    for unit in UNITS:
        # verify looks for the program, which is not installed here
        text = unit.read_text(encoding="utf-8").replace("/usr/local/bin/ivr", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [str(tmp_path / unit.name) for unit in UNITS]
    # the manual's pages are not installed everywhere
    done = subprocess.run([SYSTEMD, "verify", "--man=no", *units], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


EMPTY_PYTHON = """#!/usr/bin/env bash
# makes the environment that `python -m venv` would: its ivr tells its surroundings, and is never well
mkdir -p "$3/bin"
printf '#!/bin/sh\\n' >"$3/bin/pip"
printf '#!/bin/sh\\necho "$*: $(env | grep -c ^IVR_)"\\n[ "$1" = --version ]\\n' >"$3/bin/ivr"
chmod +x "$3/bin/pip" "$3/bin/ivr"
"""


def test_a_wheel_is_tried_without_the_settings_of_this_machine_and_what_is_wrong_is_told(tmp_path: Path) -> None:
    python, wheel = tmp_path / "python", tmp_path / "some.whl"
    python.write_text(EMPTY_PYTHON, encoding="utf-8")
    python.chmod(0o755)
    wheel.touch()
    environ = {**os.environ, "PYTHON": str(python), "IVR_SETTINGS": "/nowhere", "IVR_MODELS": "/nowhere"}
    command = [str(PACKAGING / "try_wheel.sh"), str(wheel)]
    done = subprocess.run(command, env=environ, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "--version: 0\ndoctor --json: 0\n")


def test_the_container_takes_only_what_its_context_has_and_is_not_root() -> None:
    lines = (PACKAGING / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:] for line in lines if line.startswith("COPY")]
    assert copied == [["*.whl", "requirements.lock", "/wheel/"], ["--from=built", "/opt/ivr", "/opt/ivr"]]
    assert "cp requirements.lock dist/" in (PACKAGING / "build_container.sh").read_text(encoding="utf-8")
    assert int(next(line for line in lines if line.startswith("USER")).split()[1].partition(":")[0]) >= 1000
    assert 'ENTRYPOINT ["ivr"]' in lines


def test_what_the_page_installs_is_there() -> None:
    text = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\S+)", text, re.MULTILINE):
        assert f"\n{target}:" in makefile
    named = set(re.findall(r"\bpackaging/([\w.-]+)", text))
    assert named >= {unit.name for unit in UNITS}
    assert all((PACKAGING / name).is_file() for name in named)


def test_a_container_inside_the_page_runs_commands_that_there_are() -> None:
    text = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    found = re.findall(r"^podman run .* ivr-front-desk (?:--settings \S+ )?(.+)$", text, re.MULTILINE)
    assert len(found) == 3
    # a site is a folder: a file of it alone has no rooms, register or calendar
    for host, inside in re.findall(r"--volume (\./\S+?):(\S+?):ro ", text):
        assert f"\nivr init {host.removeprefix('./')}\n" in text
        assert f"--settings {inside} " in text
    for line in found:
        words = shlex.split(line)
        name = next(each for each in (" ".join(["ivr", *words[:2]]), f"ivr {words[0]}") if each in COMMANDS)
        COMMANDS[name].make_context(name, words[len(name.split()) - 1 :])


def test_whoever_reads_the_records_has_the_settings_of_the_service() -> None:
    text = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    (service,) = set(re.findall(r"`(IVR_SETTINGS=\S+)`", text))
    assert service in (PACKAGING / "ivr-purge.service").read_text(encoding="utf-8")
    operator = re.findall(r"^sudo -u ivr env (.+) ivr ", text, re.MULTILINE)
    assert operator
    assert all(service in line.split() for line in operator)
