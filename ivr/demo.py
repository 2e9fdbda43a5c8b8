"""The demo: a few scenario calls on the defaults that come with the program, kept as recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.bench.report import Report
from ivr.bench.runner import Bench, Keep, Watch, run
from ivr.bench.scenario import read_scenario
from ivr.calls.equipment import Equipment, house_values
from ivr.clock import SystemClock
from ivr.config import HOME, Settings
from ivr.dialogue.normalise import speakable
from ivr.errors import FlowError
from ivr.recording import StereoRecording
from ivr.records import LANGUAGES, Language

SCENARIOS = HOME / "tests" / "calls"
RECORDINGS = HOME / "tests" / "audio"
"""what the scenarios' callers say from files"""

DEMO = (
    "zh_booking_by_voice",
    "en_booking_by_voice",
    "night/change_zh",
    "night/message_for_the_desk_en",
    "silent_caller",
    "lines/quiet_then_fine_zh",
    "switch_to_english",
    "zh_emergency",
)

OUT = Path("build") / "demo"


@dataclass(frozen=True)
class Shown:
    """What a demo gave."""

    reports: tuple[Report, ...]
    recordings: tuple[Path, ...]
    """stereo WAVs, one a call, in the order of the reports"""
    wall: float
    """seconds that it took"""

    @property
    def passed(self) -> bool:
        return all(report.passed for report in self.reports)

    @property
    def times_real_time(self) -> float:
        return times_real_time(self.reports, self.wall)


def times_real_time(reports: tuple[Report, ...], wall: float) -> float:
    """Seconds of calls that one second of the machine was enough for."""
    return sum(report.call.seconds for report in reports) / max(wall, 1e-6)


def demo_scenarios(folder: Path = SCENARIOS) -> tuple[Path, ...]:
    """The demo's scenarios; FlowError naming those that are not there."""
    paths = tuple(folder / f"{name}.yaml" for name in DEMO)
    missing = [path.stem for path in paths if not path.is_file()]
    if missing:
        raise FlowError(f"the demo's scenarios {', '.join(missing)} are not here", where=folder)
    return paths


def demo_settings(site: Settings) -> Settings:
    """The defaults, whatever the site has chosen, but for where things lie and how many threads there are."""
    kept = ("data", "models", "model_zh", "model_en", "threads")
    return Settings.model_validate({name: getattr(site, name) for name in kept})


@dataclass(frozen=True)
class Line:
    """A prompt whose words are known before any call."""

    key: str
    words: str
    language: Language
    fixed: bool


def known_lines(gear: Equipment) -> tuple[Line, ...]:
    """Every prompt without variables, or with those only that the house itself has."""
    return tuple(_known_lines(gear))


def _known_lines(gear: Equipment) -> Iterator[Line]:
    values = house_values(gear.settings, SystemClock().now())
    for language in LANGUAGES:
        for prompt in gear.catalogue.prompts[language].values():
            if all(slot in values[language] for slot, _ in prompt.variables):
                text = gear.catalogue.text(prompt, language, values[language])
                yield Line(prompt.key, speakable(text, language), language, prompt.fixed)


def warm(gear: Equipment, lines: tuple[Line, ...], done: Callable[[], None]) -> None:
    """Render `lines` so that no caller waits for them; `done` is called after each. Raises VoiceError."""
    for line in lines:
        gear.speaker.samples(line.key, line.words, line.language, fixed=line.fixed)
        done()


async def show(bench: Bench, paths: tuple[Path, ...], out: Path, watch: Watch | None = None) -> Shown:
    """Run scenarios one after the other and keep each call, the broken ones too, as `<out>/<scenario>.wav`."""
    clock = SystemClock()
    scenarios = [read_scenario(path, bench.stage) for path in paths]
    reports, files, wall = [], [], 0.0
    for scenario in scenarios:
        recording, file = StereoRecording(), out / f"{scenario.scenario}.wav"
        began = clock.monotonic()
        try:
            reports.append(await run(bench, scenario, watch=watch, keep=_keep(recording)))
        finally:
            wall += clock.monotonic() - began
            recording.write(file)
        files.append(file)
    return Shown(tuple(reports), tuple(files), wall)


def _keep(recording: StereoRecording) -> Keep:
    return lambda _scenario: recording.tap
