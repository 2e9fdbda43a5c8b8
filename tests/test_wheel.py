"""What is built for a wheel: all that the program reads, nothing that only builds or tests it; used away from here.

`make test-wheel` installs the wheel itself, from the package index.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.audio.frame import silence
from ivr.audio.wav import write_wav
from ivr.config import PREFIX
from ivr.demo import DEMO
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the wheel holds it; built of a copy, for setuptools writes beside what it builds."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for entry in (*BUILT_OF, "setup.py", "pyproject.toml", "README.md"):
        (source / entry).symlink_to(ROOT / entry)
    command = [sys.executable, "setup.py", "--quiet", "build", "--build-base", str(folder / "build")]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return folder / "build" / "lib"


BUILT_OF = ("ivr", "flows", "prompts", "models", "tests")


def read_at_run_time() -> Iterator[str]:
    """Every file of the repository that the program opens, but for the callers' recordings of its tests."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    tracked = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, tracked.stdout.split("\0")):
        if name.startswith("ivr/"):
            yield name
        elif name.startswith(("flows/", "prompts/", "models/front-desk-zh-en/")) or name == "models/README.md":
            yield f"ivr/share/{name}"
    yield from (f"ivr/share/tests/calls/{name}.yaml" for name in DEMO)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the list of files is git's")
def test_the_wheel_holds_what_the_program_reads_and_nothing_else(built: Path) -> None:
    kept = {name for name in files(built) if not name.endswith((".pyc", ".wav"))}
    assert kept == set(read_at_run_time())


def away(built: Path, home: Path) -> dict[str, str]:
    """The surroundings of somebody who has the package and nothing else: no settings of whoever runs the tests."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    return {**ours, "PYTHONPATH": str(built), "HOME": str(home)}


@pytest.fixture(autouse=True)
def settings_of_whoever_runs_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_SETTINGS", "/nowhere/site.toml")
    monkeypatch.setenv("IVR_MODELS", "/nowhere")


def test_an_installed_package_finds_its_own_flows_prompts_and_model(built: Path, tmp_path: Path) -> None:
    """The interpreter starts in an empty folder, and sees the built package only."""
    command = [sys.executable, "-P", "-m", "ivr.cli", "flows", "check"]
    environ = {**away(built, tmp_path), "IVR_DATA": str(tmp_path / "data")}
    done = subprocess.run(command, cwd=tmp_path, env=environ, check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == (
        f"{built / 'ivr/share/flows'} and {built / 'ivr/share/prompts'}: no problems\n",
        "",
    )


def test_models_that_are_fetched_outlive_the_next_installation(built: Path, tmp_path: Path) -> None:
    told = "from ivr.config import Settings; print(Settings().models)"
    command = [sys.executable, "-P", "-c", told]
    environ = away(built, tmp_path)
    done = subprocess.run(command, cwd=tmp_path, env=environ, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == str(tmp_path / ".local/share/ivr/speech")


def test_a_recording_is_never_put_into_the_installed_package(built: Path, tmp_path: Path) -> None:
    studio = tmp_path / "studio" / "zh"
    studio.mkdir(parents=True)
    write_wav(studio / "goodbye.no_sound.wav", silence(1000))
    environ = away(built, tmp_path)
    command = [sys.executable, "-P", "-m", "ivr.cli", "prompts", "import", str(studio.parent), "--force"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no site's folder: `ivr init FOLDER` makes one" in done.stderr
