"""Each trap of pyttsx3 in facts/speech.md, at the process that keeps them shut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def python(*arguments: str, stdin: bytes = b"", path: str = "") -> subprocess.CompletedProcess[bytes]:
    search = os.pathsep.join(filter(None, (path, str(ROOT))))
    environment = {**os.environ, "PYTHONPATH": search}
    return subprocess.run(
        [sys.executable, *arguments], input=stdin, capture_output=True, env=environment, timeout=30, check=False
    )


def work(*jobs: dict[str, object], path: str = "") -> list[str | None]:
    lines = b"".join(json.dumps(job).encode() + b"\n" for job in jobs)
    done = python("-m", "ivr.speech.tts_worker", stdin=lines, path=path)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line)["error"] for line in done.stdout.splitlines()]


def job(path: Path, **changes: object) -> dict[str, object]:
    usual = {"text": "您好", "voice": "sit/cmn", "rate": 128, "volume": 0.6, "pitch": 50, "patience": 20}
    return {**usual, "path": str(path), **changes}


def seconds(path: Path) -> float:
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 22050)
        return float(sound.getnframes() / 22050)


def test_only_replies_reach_stdout_though_pyttsx3_announces_each_file(tmp_path: Path) -> None:
    assert work(job(tmp_path / "1.wav"), job(tmp_path / "2.wav")) == [None, None]


def test_the_first_text_is_whole_even_when_it_is_long(tmp_path: Path) -> None:
    sentence = "您的叫醒服务已经预订好了，祝您晚安。"
    assert work(job(tmp_path / "long.wav", text=sentence * 8), job(tmp_path / "short.wav", text=sentence)) == [None] * 2
    assert seconds(tmp_path / "long.wav") == pytest.approx(8 * seconds(tmp_path / "short.wav"), rel=0.1)


def test_every_one_of_several_texts_is_written_and_none_twice(tmp_path: Path) -> None:
    texts = ["请按一。", "您好，这里是前台。", "请问您需要几点的叫醒服务？"]
    paths = [tmp_path / f"{number}.wav" for number in range(3)]
    assert work(*(job(path, text=text) for path, text in zip(paths, texts, strict=True))) == [None] * 3
    assert seconds(paths[0]) < seconds(paths[1]) < seconds(paths[2])


def test_a_path_that_cannot_be_written_is_an_error_at_once_and_not_a_hang(tmp_path: Path) -> None:
    errors = work(job(tmp_path / "missing" / "1.wav"), job(tmp_path / "2.wav"))
    assert "No such file" in str(errors[0])
    assert errors[1] is None


@pytest.mark.parametrize(
    "voice", ["zh", "zh-cn", "cmn", "", "sit/cmn+nosuch", "gmw/en-us+M3", "gmw/en-GB", "../../../etc/passwd"]
)
def test_a_voice_that_espeak_would_silently_replace_is_an_error(tmp_path: Path, voice: str) -> None:
    errors = work(job(tmp_path / "1.wav", voice=voice), job(tmp_path / "2.wav"))
    assert errors[0] is not None
    assert errors[1] is None
    assert not (tmp_path / "1.wav").exists()


def test_a_rate_that_is_no_whole_number_is_an_error(tmp_path: Path) -> None:
    assert work(job(tmp_path / "1.wav", rate=130.5))[0] is not None


def test_the_rate_is_ours_from_the_first_text_on(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.wav" for number in range(3)]
    work(job(paths[0], rate=120), job(paths[1], rate=200), job(paths[2], rate=120))
    assert paths[0].read_bytes() == paths[2].read_bytes()
    assert seconds(paths[1]) < 0.8 * seconds(paths[0])


def test_a_breathy_voice_is_seeded_and_not_fed_from_the_clock(tmp_path: Path) -> None:
    for name in ("1.wav", "2.wav"):
        assert work(job(tmp_path / name, voice="sit/cmn+f2")) == [None]
    assert (tmp_path / "1.wav").read_bytes() == (tmp_path / "2.wav").read_bytes()


def test_the_engine_stops_espeak_only_while_it_speaks() -> None:
    script = """
from ivr.speech.tts_worker import load_pyttsx3
engine = load_pyttsx3().init("espeak")
from pyttsx3.drivers import _espeak
cancelled = []
_espeak.Cancel = lambda: cancelled.append(True)
driver = engine.proxy._driver
driver.stop()
assert cancelled == [], "an idle engine was cancelled: its next sound would be empty"
driver._speaking = True
driver.stop()
assert cancelled == [True]
driver._speaking = False
"""
    done = python("-c", script)
    assert done.returncode == 0, done.stderr.decode()


def test_missing_espeak_data_is_named_although_espeak_itself_would_end_the_process(tmp_path: Path) -> None:
    package = tmp_path / "espeakng_loader"
    package.mkdir()
    (package / "__init__.py").write_text(f"def get_data_path():\n    return {str(tmp_path / 'gone')!r}\n")
    errors = work(job(tmp_path / "1.wav"), job(tmp_path / "2.wav"), path=str(tmp_path))
    assert [str(error).endswith("gone: reinstall espeakng-loader") for error in errors] == [True, True]


def test_a_child_that_hangs_ends_itself_when_nobody_is_left_to_kill_it(tmp_path: Path) -> None:
    # A named pipe without a reader blocks the writer for ever.
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    assert work(job(pipe, patience=1)) == ["espeak ended with status -14"]
