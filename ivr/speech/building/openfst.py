"""OpenFst's command line tools, and machines in the text that they compile."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from ivr.errors import ModelError

PACKAGES = "libfst-tools libfst22-plugins-base"
"""Debian's; the second one brings the look-ahead machines (facts/models.md, trap 6)"""

TOOLS = ("fstcompile", "fstconnect", "fstarcsort", "fstconvert", "fstsymbols")

PLUGIN = "olabel_lookahead-fst.so"
PLUGIN_FOLDERS = ("/usr/lib/*/fst/*", "/usr/lib/fst", "/usr/local/lib/fst")

LONGEST_SECONDS = 600.0
"""a tool that takes longer hangs: the whole graph takes seconds"""

Arc = tuple[int, int, int, int, float]
"""(from, to, input label, output label, cost)"""


@dataclass
class Machine:
    """A finite-state transducer as it grows; its start is state 0."""

    states: int = 0
    arcs: list[Arc] = field(default_factory=list)
    finals: dict[int, float] = field(default_factory=dict)

    def state(self) -> int:
        self.states += 1
        return self.states - 1

    def arc(self, source: int, target: int, label: int = 0, output: int = 0, cost: float = 0.0) -> None:
        self.arcs.append((source, target, label, output, cost))

    def write(self, path: Path) -> None:
        """The tools' text: the first line's state is the start, so the lines are sorted by state."""
        with path.open("w", encoding="ascii") as file:
            for source, target, label, output, cost in sorted(self.arcs, key=lambda arc: (arc[0], arc[2])):
                file.write(f"{source} {target} {label} {output} {cost:.4f}\n")
            for state, cost in self.finals.items():
                file.write(f"{state} {cost:.4f}\n")


def plugins() -> Path:
    """The folder of OpenFst's plugins, after a look at the tools; ModelError, naming the packages, without them."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    found = [path for pattern in PLUGIN_FOLDERS for path in Path("/").glob(f"{pattern[1:]}/{PLUGIN}")]
    if missing or not found:
        lacking = ", ".join([*missing, *([] if found else [PLUGIN])])
        raise ModelError(f"a graph needs OpenFst's {lacking}: install Debian's packages, apt-get install {PACKAGES}")
    return found[0].parent


def run(folder: Path, *command: str) -> None:
    """Run one tool in `folder`; ModelError with its own words when it fails."""
    paths = os.pathsep.join(filter(None, (str(plugins()), os.environ.get("LD_LIBRARY_PATH"))))
    environment = {**os.environ, "LD_LIBRARY_PATH": paths}
    try:
        subprocess.run(  # noqa: S603 - our own arguments, no shell
            command, cwd=folder, env=environment, check=True, capture_output=True, timeout=LONGEST_SECONDS
        )
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise ModelError(f"{command[0]} failed: {said or f'exit status {error.returncode}'}", where=folder) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelError(f"{command[0]} did not run ({error}): check Debian's {PACKAGES}", where=folder) from error
