"""The command line from outside: what is printed where, and which exit code comes back."""

from __future__ import annotations

import ctypes.util
import io
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ivr.audio.frame import RATE, silence
from ivr.audio.level import scale
from ivr.audio.resample import resample
from ivr.audio.wav import read_wav, write_wav
from tests.conftest import Ivr
from tests.model_server import Publisher, listing, model_files, published, zipped

ROOT = Path(__file__).parents[1]
LARGE = "vosk-model-cn-0.22"
SILENT = ROOT / "tests" / "calls" / "silent_caller.yaml"


@pytest.fixture(scope="session")
def shared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One voice cache for all tests: every prompt is rendered once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def site(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of its own for each test, but for the voice cache; gives its database file."""
    for name in [name for name in os.environ if name.startswith("IVR_")]:
        monkeypatch.delenv(name)
    file = tmp_path / "ivr.db"
    monkeypatch.setenv("IVR_DATA", str(shared_data))
    monkeypatch.setenv("IVR_DATABASE", f"sqlite:///{file}")
    return file


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[[str, str], Path]:
    """A silent caller's scenario in which one thing is written otherwise."""

    def make(old: str, new: str) -> Path:
        text = SILENT.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / SILENT.name
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return make


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """A caller who says nothing for a minute."""
    path = tmp_path / "打来的电话.wav"
    write_wav(path, silence(60 * RATE))
    return path


KEYS = ("--keys", "1@1", "--keys", "805#@3", "--keys", "0730@8", "--keys", "2@13", "--keys", "1@18", "--keys", "2@26")
AT = ("--at", "2026-11-21 22:00")


def test_the_version_is_printed(ivr: Ivr) -> None:
    assert ivr("--version").out.startswith("ivr 0.")


def test_help_tells_the_exit_codes(ivr: Ivr) -> None:
    shown = ivr("--help")
    assert shown.code == 0
    assert "3    the machine or the site lacks something" in shown.out


@pytest.mark.parametrize(
    "words",
    [
        ("demo",),
        ("replay",),
        ("run",),
        ("doctor",),
        ("flows", "check"),
        ("flows", "draw"),
        ("prompts", "check"),
        ("prompts", "render"),
        ("prompts", "say"),
        ("prompts", "record"),
        ("prompts", "import"),
        ("models", "list"),
        ("models", "path"),
        ("models", "check"),
        ("models", "extend"),
        ("models", "eval"),
        ("models", "get"),
        ("models", "remove"),
        ("calls", "list"),
        ("calls", "show"),
        ("wakeups", "list"),
    ],
)
def test_every_command_has_a_sentence_and_an_example(ivr: Ivr, words: tuple[str, ...]) -> None:
    shown = ivr(*words, "--help")
    assert shown.code == 0
    assert f"Example: ivr {' '.join(words)}" in shown.out
    assert "--json" in shown.out


def test_help_does_not_load_the_heavy_rooms() -> None:
    heavy = "{'numpy', 'vosk', 'pydantic', 'sqlalchemy', 'scipy', 'structlog'}"
    program = f"import sys, ivr.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_a_wrong_option_is_wrong_usage(ivr: Ivr) -> None:
    ended = ivr("calls", "list", "--jsn")
    assert ended.code == 2
    assert "--jsn" in ended.err


def test_wrong_usage_is_json_when_json_was_wanted(ivr: Ivr) -> None:
    ended = ivr("calls", "show", "--json")
    assert ended.code == 2
    assert ended.data["error"]["code"] == "usage"


def test_the_demo_plays_its_calls_and_keeps_them_in_stereo(ivr: Ivr, tmp_path: Path) -> None:
    ended = ivr("demo", "--out", tmp_path / "demo", "--json")
    reports = ended.data["reports"]
    assert len(reports) >= 4
    # whether each call goes well is for the scenarios' own tests
    assert ended.code == (0 if all(report["passed"] for report in reports) else 1)
    assert ended.data["times_real_time"] > 1
    for report, file in zip(reports, ended.data["recordings"], strict=True):
        with wave.open(file) as kept:
            assert kept.getnchannels() == 2
            assert kept.getnframes() / RATE == pytest.approx(report["call"]["seconds"], abs=0.05)


def test_a_scenario_that_ends_as_stated_is_fine(ivr: Ivr) -> None:
    ended = ivr("run", SILENT, "--transcript")
    assert ended.code == 0
    assert "all 1 ended as stated" in ended.out
    assert "(silent) → silent" in ended.out
    assert "您好" in ended.out
    assert "\x1b" not in ended.out


def test_a_scenario_that_ends_otherwise_says_how(ivr: Ivr, scenario: Callable[[str, str], Path]) -> None:
    ended = ivr("run", scenario("ending: no_sound", "ending: goodbye"))
    assert ended.code == 1
    assert "silent_caller: ending: expected goodbye, got no_sound" in ended.out


def test_reports_are_the_same_shuffled_and_two_at_a_time(
    ivr: Ivr, tmp_path: Path, scenario: Callable[[str, str], Path]
) -> None:
    other = tmp_path / "silent_again.yaml"
    other.write_text(scenario("scenario: silent_caller", "scenario: silent_again").read_text("utf-8"), "utf-8")
    plain, mixed = tmp_path / "plain.json", tmp_path / "new folder" / "mixed.json"
    assert ivr("run", SILENT, other, "--report", plain).code == 0
    shown = ivr("run", SILENT, other, "--shuffle", "1", "--at-a-time", "2", "--transcript", "--report", mixed)
    assert plain.read_bytes() == mixed.read_bytes()
    # two calls at once are shown one after the other
    assert shown.out.count("0:00.0") == 4
    assert shown.out.index("silent_") < shown.out.index("no_sound/farewell") < shown.out.rindex("reception/choose")


def test_an_unknown_word_in_a_scenario_is_told_with_file_and_line(
    ivr: Ivr, scenario: Callable[[str, str], Path]
) -> None:
    path = scenario("expect:", "expct: 1\nexpect:")
    ended = ivr("run", path, "--json")
    assert ended.code == 2
    assert ended.data["error"] == {"code": "flow", "message": ended.err.strip(), "where": f"{path}:4"}
    assert "“expct” is not a word that belongs here" in ended.err


def test_a_report_that_cannot_be_written_is_told(ivr: Ivr, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = ivr("run", SILENT, "--report", tmp_path / "file" / "report.json")
    assert ended.code == 2
    assert "cannot be written" in ended.err


def test_a_wav_is_a_call_that_is_stored_and_can_be_looked_at(ivr: Ivr, wav: Path, tmp_path: Path) -> None:
    both = tmp_path / "both.wav"
    ended = ivr("replay", wav, *KEYS, *AT, "--save", both, "--store", "--caller", "13912345678")
    assert ended.code == 0
    assert "keys 805" in ended.out
    assert both.stat().st_size > 100_000

    (call,) = ivr("calls", "list", "--json").data["calls"]
    assert call["line"] == wav.name
    assert call["started"] == "2026-11-21T14:00:00+00:00"
    assert wav.name in ivr("calls", "list").out

    shown = ivr("calls", "show", call["id"])
    assert "from 13912345678" in shown.out
    assert "wake_up_booking/thanks" in shown.out
    assert "▒" in shown.out
    data = ivr("calls", "show", call["id"], "--json").data
    assert [booking["room"] for booking in data["bookings"]] == ["805"]

    assert "07:30" in ivr("wakeups", "list", "--all").out
    (booked,) = ivr("wakeups", "list", "--room", "805", "--all", "--json").data["wakeups"]
    assert booked["day"] == "2026-11-22"
    assert ivr("wakeups", "list", "--room", "301", "--all", "--json").data == {"wakeups": []}


def test_a_replay_may_greet_in_english_first(ivr: Ivr, wav: Path) -> None:
    ended = ivr("replay", wav, "--language", "en", "--json")
    assert ended.data["turns"][0]["said"].startswith("Good ")


def test_a_graph_without_openfsts_tools_names_the_packages(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = ivr("models", "extend", "walrus", "--json")
    assert ended.code == 3
    assert "apt-get install libfst-tools libfst22-plugins-base" in ended.data["error"]["message"]
    assert not (tmp_path / "models").exists()


def test_a_model_is_measured_beside_another_and_drawn(ivr: Ivr, tmp_path: Path) -> None:
    (tmp_path / "other-en").symlink_to(ROOT / "models" / "front-desk-zh-en")
    few = ("--every", "80", "--conditions", "clean", "--recordings", ROOT / "tests" / "audio" / "callers")
    both = ("front-desk-zh-en", "--compare", tmp_path / "other-en")
    shown = ivr("models", "eval", *both, *few, "--pictures", tmp_path / "pictures")
    assert shown.code == 0
    assert re.search(r"front-desk-zh-en: 1\d\.\d MB, loaded in", shown.out)
    assert "better by" in shown.out
    assert (tmp_path / "pictures" / "voices.png").exists()
    data = ivr("models", "eval", *few, "--json").data
    assert [model["model"] for model in data["models"]] == ["front-desk-zh-en"]
    assert {share["condition"] for share in data["models"][0]["by_voice"]} == {"clean"}


def test_the_desks_own_voice_is_measured_where_nothing_else_is_named(ivr: Ivr) -> None:
    data = ivr("models", "eval", "--own-voice", "--every", "120", "--conditions", "clean", "--json").data
    assert {share["place"][0] for share in data["models"][0]["by_set"]} == {"own voice"}


def test_words_that_cannot_be_added_are_an_exit_code_and_known_ones_are_none(ivr: Ivr, tmp_path: Path) -> None:
    assert ivr("models", "extend", "yes", "xqzzy", "--json").code == 1
    (tmp_path / "words.txt").write_text("yes\n七点半\n", encoding="utf-8")
    ended = ivr("models", "extend", "--file", tmp_path / "words.txt", "--json")
    assert ended.code == 0
    assert ended.data["known"] == ["yes", "七点半"]
    assert "nothing to add" in ivr("models", "extend").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("replay", "nothing.wav"), "nothing.wav: no such file"),
        (("replay", "text.wav"), "text.wav: expected a WAV file, found text"),
        (("replay", "text.wav", "--keys", "1"), "expected keys and seconds"),
        (("replay", "text.wav", "--at", "soon"), "--at"),
        (("models", "extend", "hyatt=QQ"), "QQ is no sound of ARPAbet"),
        (("models", "eval", "--conditions", "snr7"), "no line “snr7”: there is clean"),
        (("models", "eval", "--digits", "empty"), "expected files such as 7_jackson_12.wav"),
        (("run", "nowhere"), "nowhere: no such scenario file or folder"),
        (("run", "empty"), "no scenarios here"),
        (("run", "text.yaml"), "text.yaml"),
        (("flows", "draw", "receptoin"), "did you mean “reception”?"),
        (("prompts", "record", "goodbye.bad_lin"), "did you mean “goodbye.bad_line”?"),
        (("prompts", "record", "wakeup.confirm"), "only the voice can say it"),
        (("prompts", "import", "nowhere"), "no recordings here"),
        (("prompts", "say", "reception.greting"), "did you mean “reception.greeting”?"),
        (("prompts", "say", "wakeup.booked"), "--set date=… (date)"),
        (("prompts", "say", "wakeup.booked", "--set", "date=x", "--set", "time=06:30"), "cannot be said"),
        (("prompts", "say", "hello", "--set", "room"), "expected slot=value"),
        (("prompts", "say", " "), "nothing to say"),
        (("prompts", "say", "hello", "--language", "fr"), "fr"),
        (("calls", "show", "call-0"), "no call “call-0”"),
        (("--settings", "none.toml", "calls", "list"), "none.toml: cannot be read"),
        (("--settings", "text.wav", "calls", "list"), "text.wav: is not valid TOML"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    (tmp_path / "text.wav").write_text("this is no sound\n")
    (tmp_path / "text.yaml").write_text("just words\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    ended = ivr(*words)
    assert ended.code == 2
    assert told in ended.err
    assert ended.out == ""


def test_an_unknown_setting_is_told(ivr: Ivr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_ROOM", "1208")
    ended = ivr("calls", "list")
    assert ended.code == 2
    assert "no setting IVR_ROOM" in ended.err


def test_a_file_that_is_no_database_is_told(ivr: Ivr, site: Path) -> None:
    site.write_text("a letter to my grandmother, " * 100)
    ended = ivr("calls", "list", "--json")
    assert ended.code == 3
    assert ended.data["error"]["code"] == "store"
    assert "not an SQLite database" in ended.err


def test_a_locked_database_is_told_and_nothing_hangs(ivr: Ivr, site: Path) -> None:
    assert ivr("calls", "list").code == 0
    other = sqlite3.connect(site, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    ended = ivr("wakeups", "list")
    other.close()
    assert ended.code == 3
    assert "locked" in ended.err


def test_a_missing_model_is_told(ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_MODEL_ZH", str(tmp_path / "no model"))
    ended = ivr("run", SILENT)
    assert ended.code == 3
    assert "no such folder: expected the speech model for zh" in ended.err
    assert ivr("models", "check").code == 3


def test_sound_flows_have_no_problems(ivr: Ivr) -> None:
    assert ivr("flows", "check").code == 0
    assert ivr("flows", "check", "--json").data == {"problems": []}


def test_problems_of_flows_are_told_with_file_and_line(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (ROOT / "flows").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    goodbye = tmp_path / "goodbye.yaml"
    goodbye.write_text(goodbye.read_text("utf-8").replace("goodbye.farewell", "goodbye.farewel"), "utf-8")
    monkeypatch.setenv("IVR_FLOWS", str(tmp_path))
    ended = ivr("flows", "check")
    assert ended.code == 1
    assert f"{goodbye}:" in ended.out
    assert "did you mean “goodbye.farewell”?" in ended.out
    # a desk with such flows takes no call
    assert ivr("run", SILENT).code == 2


def test_flows_are_drawn_for_mermaid_and_graphviz(ivr: Ivr) -> None:
    assert "[*] --> reception__choose" in ivr("flows", "draw").out
    assert ivr("flows", "draw", "goodbye", "--format", "dot").out.startswith("digraph")
    edges = ivr("flows", "draw", "wake_up_booking", "--json").data["edges"]
    assert {"trigger": "booked", "source": "wake_up_booking/done", "target": "ended"} in edges


def test_a_prompt_is_said_into_a_file(ivr: Ivr, tmp_path: Path) -> None:
    file = tmp_path / "room.wav"
    said = ivr("prompts", "say", "wakeup.no_such_room", "--set", "room=1208", "--out", file, "--json").data
    assert "幺二零八" in said["spoken"]
    assert said["level_dbfs"] == pytest.approx(-20, abs=1)
    assert 120 < said["per_minute"] < 220
    with wave.open(str(file)) as kept:
        assert np.frombuffer(kept.readframes(kept.getnframes()), "<i2").any()
    assert "one two oh eight" in ivr("prompts", "say", "Room 1208.", "--out", file).out


def test_prompts_check_tells_each_problem_on_its_line_and_exits_1(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    file = tmp_path / "prompts" / "zh" / "wakeup.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("请问您的房号", "喂，请问您的房号"), encoding="utf-8")
    monkeypatch.setenv("IVR_PROMPTS", str(tmp_path / "prompts"))
    shown = ivr("prompts", "check", "--text")
    assert shown.code == 1
    assert shown.out == f"{file}:1: “wakeup.what_room”: “喂” is not said to guests (S15)\n"
    (problem,) = ivr("prompts", "check", "--text", "--json").data["problems"]
    assert problem["where"] == f"{file}:1"


def test_prompts_check_finds_what_is_read_and_what_is_heard_together(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts = tmp_path / "prompts"
    for language, words in {
        "zh": "fast: 请您稍等，谢谢您。\nloud: 请您稍等片刻，谢谢您。\nwrong: 喂，请您稍等。\nalone: 请您稍等。\n",
        "en": "fast: One moment, please.\nloud: Just a moment, please.\nwrong: One moment, please.\n",
    }.items():
        (prompts / language / "recordings").mkdir(parents=True)
        (prompts / language / "common.yaml").write_text(words, encoding="utf-8")
    ivr("prompts", "say", "请您稍等片刻，谢谢您。", "--out", tmp_path / "said.wav")
    said = read_wav(tmp_path / "said.wav").samples
    write_wav(prompts / "zh" / "recordings" / "common.fast.wav", said[: len(said) // 3 * 2 : 2])
    write_wav(prompts / "zh" / "recordings" / "common.loud.wav", scale(said, 24))
    monkeypatch.setenv("IVR_PROMPTS", str(prompts))
    shown = ivr("prompts", "check")
    assert shown.code == 1
    for line, says in (
        (1, "too fast"),
        (2, "clipped in"),
        (3, "“喂” is not said"),
        (4, "“common.alone” is missing in en"),
    ):
        assert any(
            told.startswith(f"{prompts}/zh/common.yaml:{line}: ") and says in told for told in shown.out.splitlines()
        )


def test_prompts_import_takes_a_recording_and_refuses_another(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts, studio = tmp_path / "prompts", tmp_path / "studio"
    shutil.copytree(ROOT / "prompts", prompts)
    studio.mkdir()
    monkeypatch.setenv("IVR_PROMPTS", str(prompts))
    ivr("prompts", "say", "common.are_you_there", "--language", "zh", "--out", studio / "common.are_you_there.wav")
    write_wav(studio / "common.nothing.wav", silence(RATE))
    shown = ivr("prompts", "import", studio, "--language", "zh", "--json")
    assert shown.code == 1
    taken, refused = shown.data["recordings"]
    assert (taken["taken"], refused["taken"]) == (True, False)
    assert read_wav(taken["path"]).samples.any()
    assert "refused" in ivr("prompts", "import", studio, "--language", "zh").out
    said = ivr("prompts", "say", "common.are_you_there", "--language", "zh", "--out", tmp_path / "x.wav", "--json").data
    assert said["source"] == "recording"


def test_models_are_listed_and_checked(ivr: Ivr) -> None:
    assert "front-desk-zh-en" in ivr("models", "list").out
    assert set(ivr("models", "path", "--json").data) == {"zh", "en"}
    assert "front-desk-zh-en" in ivr("models", "path").out
    checked = ivr("models", "check")
    assert checked.code == 0
    assert all(model["phrases"] > 100 for model in ivr("models", "check", "--json").data["models"])
    assert len(ivr("models", "list", "--json").data["models"]) == 1


def test_the_doctor_finds_a_good_machine_well(ivr: Ivr) -> None:
    ended = ivr("doctor")
    assert ended.code == 0
    assert "database" in ended.out


def test_the_doctor_reports_settings_that_cannot_be_used(ivr: Ivr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_TIMEZONE", "Middle Earth")
    ended = ivr("doctor", "--json")
    assert ended.code == 1
    assert [check["state"] for check in ended.data["checks"]] == ["wrong"]


def test_a_fault_of_ours_is_a_sentence_too(ivr: Ivr, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("unforeseen")

    monkeypatch.setattr("ivr.config.load_settings", broken)
    ended = ivr("calls", "list", "--json")
    assert ended.code == 4
    assert "ZeroDivisionError: unforeseen" in ended.data["error"]["message"]


def _start(*words: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ivr.cli", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_ctrl_c_stops_a_run_with_130_and_without_noise(site: Path) -> None:
    running = _start("run", SILENT.parent, "--transcript")
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Traceback" not in err


def test_a_reader_that_goes_away_ends_no_call(site: Path, wav: Path) -> None:
    running = _start("replay", wav, *AT, "--store")
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.wait(timeout=20) == 0
    assert running.stderr.read() == ""
    running.stderr.close()
    with sqlite3.connect(site) as database:
        (outcome,) = database.execute("SELECT outcome FROM calls").fetchone()
    database.close()
    assert outcome == "finished"


def test_chinese_stays_readable_without_a_locale(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    out, err = _start("run", SILENT, "--transcript").communicate(timeout=20)
    assert "晚上好，云间酒店" in out
    assert err == ""


@pytest.fixture
def publisher(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A mirror of the official models on this machine, and a site whose models come from there."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with published() as server:
        monkeypatch.setenv("IVR_MODELS_URL", f"{server.url}/")
        monkeypatch.setenv("IVR_MODELS", str(tmp_path / "models"))
        # the one of the catalogue whose sum comes with the mirror's own list
        server.files[f"{LARGE}.zip"] = zipped(LARGE, model_files(fixed=True))
        server.files["model-list.json"] = listing(server.files)
        yield server


def test_the_official_models_are_listed_with_what_they_cannot_do(ivr: Ivr, publisher: Publisher) -> None:
    shown = ivr("models", "list", "--official").out
    assert "vosk-model-small-cn-0.22" in shown
    assert "dictation, takes no phrases" in shown
    offered = ivr("models", "list", "--official", "--json").data["official"]
    assert {each["model"]["language"] for each in offered} == {"zh", "en"}
    assert not any(each["installed"] for each in offered)


def test_a_model_is_got_listed_and_removed(ivr: Ivr, publisher: Publisher, tmp_path: Path) -> None:
    path = tmp_path / "models" / LARGE
    got = ivr("models", "get", LARGE, "--force")
    assert (got.code, got.err) == (0, "")
    assert got.out.startswith(f"{path}: installed\nno language uses it")
    assert "is here already" in ivr("models", "get", LARGE, "--force").out
    assert "takes none" in ivr("models", "list").out
    assert ivr("models", "remove", LARGE, "--yes", "--json").data == {"removed": str(path)}
    assert not path.exists()


def test_a_model_that_the_desk_cannot_use_is_refused_with_the_reason(ivr: Ivr, publisher: Publisher) -> None:
    ended = ivr("models", "get", LARGE)
    assert ended.code == 2
    assert "no question can give it its own phrases" in ended.err
    assert ivr("models", "get", "vosk-small-cn").code == 2


def test_a_model_from_a_zip_tells_what_it_is_used_for(ivr: Ivr, publisher: Publisher, tmp_path: Path) -> None:
    file = tmp_path / "own.zip"
    file.write_bytes(zipped("own-model-en", model_files()))
    got = ivr("models", "get", "--from", file)
    assert got.code == 0
    assert "no checksum is known for it" in got.out
    assert "used for en" in got.out
    assert ivr("models", "get", "own-model-zh", "--from", file, "--json").data["used_for"] == ["zh"]


def test_a_word_that_an_official_vocabulary_lacks_is_named_with_flow_step_and_word(
    ivr: Ivr, publisher: Publisher, tmp_path: Path
) -> None:
    file = tmp_path / "own.zip"
    file.write_bytes(zipped("own-model-en", model_files()))
    ivr("models", "get", "--from", file)
    checked = ivr("flows", "check")
    assert checked.code == 1
    assert "wake_up_booking" in checked.out


def test_without_a_network_a_model_is_lacking_in_one_sentence(ivr: Ivr, publisher: Publisher) -> None:
    publisher.files.clear()
    ended = ivr("models", "get", "vosk-model-small-cn-0.22", "--json")
    assert ended.code == 3
    assert ended.data["error"]["code"] == "model"
    assert len(ended.err.splitlines()) == 1


def test_where_nobody_can_be_asked_nothing_is_removed(ivr: Ivr, publisher: Publisher, tmp_path: Path) -> None:
    ivr("models", "get", LARGE, "--force")
    ended = ivr("models", "remove", LARGE)
    assert ended.code == 2
    assert "say --yes" in ended.err
    assert (tmp_path / "models" / LARGE).is_dir()


@pytest.mark.parametrize(("answer", "stays"), [("n\n", True), ("\n", True), ("y\n", False)])
def test_a_model_is_removed_when_the_answer_is_yes(
    ivr: Ivr, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, *, stays: bool
) -> None:
    ivr("models", "get", LARGE, "--force")
    keyboard = io.StringIO(answer)
    monkeypatch.setattr(keyboard, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", keyboard)
    assert ivr("models", "remove", LARGE).code == (1 if stays else 0)
    assert (tmp_path / "models" / LARGE).is_dir() == stays


def test_the_bundled_model_cannot_be_removed(ivr: Ivr) -> None:
    ended = ivr("models", "remove", "front-desk-zh-en", "--yes")
    assert ended.code == 2
    assert "comes with the program" in ended.err


@pytest.mark.skipif(ctypes.util.find_library("portaudio") is not None, reason="PortAudio is here")
@pytest.mark.parametrize("words", [("talk",), ("talk", "--list-devices")])
def test_without_portaudio_talk_says_in_one_line_what_to_install(ivr: Ivr, words: tuple[str, ...]) -> None:
    ended = ivr(*words)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.count("\n") == 1
    assert "apt install libportaudio2" in ended.err


def test_a_replay_takes_the_side_of_a_stereo_file_that_it_is_told(ivr: Ivr, tmp_path: Path) -> None:
    voice = read_wav(ROOT / "tests" / "audio" / "callers" / "jm_kumo" / "en-menu-wake-up-call.wav")
    said = np.concatenate([resample(voice.samples, voice.rate), silence(3 * RATE)] * 6)
    soundfile.write(tmp_path / "both.wav", np.stack([silence(len(said)), said], axis=1), RATE)
    turns = ivr("replay", tmp_path / "both.wav", "--channel", "right", "--language", "en", "--json").data["turns"]
    assert "wake_up" in [turn["value"] for turn in turns]


def test_bench_line_writes_its_cases_where_it_is_told(ivr: Ivr, tmp_path: Path) -> None:
    ended = ivr("bench", "line", "--cases", "3", "--wavs", str(tmp_path / "lines"))
    assert (ended.code, ended.out) == (0, f"{tmp_path / 'lines' / 'cases.csv'}\n")
    assert len(list((tmp_path / "lines").glob("*.wav"))) == 3 * 7
