"""Puts what the program reads beside its code into the wheel: `ivr/share` lies there as the repository does here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHARED = (
    "flows/**/*.yaml",
    "prompts/**/*.yaml",
    "prompts/*/recordings/*.wav",
    "models/README.md",
    "models/front-desk-zh-en/**/*",
    # what `ivr demo` plays; tests/test_wheel.py compares them with its list
    "tests/calls/zh_booking_by_voice.yaml",
    "tests/calls/en_booking_by_voice.yaml",
    "tests/calls/night/change_zh.yaml",
    "tests/calls/night/message_for_the_desk_en.yaml",
    "tests/calls/silent_caller.yaml",
    "tests/calls/lines/quiet_then_fine_zh.yaml",
    "tests/calls/switch_to_english.yaml",
    "tests/calls/zh_emergency.yaml",
)
"""all else of these folders is for building and testing: training, callers' recordings, models that were fetched"""


class WithShare(build_py):
    """The build of the package, and of its `share`; in an editable install all that lies where it is."""

    def run(self) -> None:
        super().run()
        for source, target in self._shared():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:  # noqa: FBT001, FBT002 - setuptools' own
        return [*super().get_outputs(include_bytecode), *(str(target) for _, target in self._shared())]

    def get_source_files(self) -> list[str]:
        return [*super().get_source_files(), *(str(source) for source in _sources())]

    def _shared(self) -> Iterator[tuple[Path, Path]]:
        if not self.editable_mode:
            yield from ((source, Path(self.build_lib) / "ivr" / "share" / source) for source in _sources())


def _sources() -> Iterator[Path]:
    """The files of SHARED, from here; a build stops where a pattern finds none, but for recordings."""
    for pattern in SHARED:
        found = sorted(path for path in Path().glob(pattern) if path.is_file())
        if not found and not pattern.endswith(".wav"):
            raise SystemExit(f"{pattern}: no such file, but the wheel needs it")
        yield from found


setup(cmdclass={"build_py": WithShare})
