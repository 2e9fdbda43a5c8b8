from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ivr.errors import VoiceError
from ivr.speech.tts_process import SpeechWorker
from ivr.speech.voices import VoiceChoice

ROOT = Path(__file__).parents[2]
ZH = VoiceChoice("sit/cmn", 128)
LONG = "您的叫醒服务已经预订好了，祝您晚安。" * 20


@pytest.fixture
def worker() -> Iterator[SpeechWorker]:
    with SpeechWorker() as worker:
        yield worker


def script(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def running(worker: SpeechWorker) -> int:
    assert worker.pid is not None
    return worker.pid


def child_of(pid: int) -> int:
    """Wait until the worker has forked the child that renders."""
    while True:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return int(children[0])
        os.sched_yield()


def wait_for_death(process: int) -> bool:
    """True when the process behind a pidfd ends within ten seconds."""
    with selectors.DefaultSelector() as selector:
        selector.register(process, selectors.EVENT_READ)
        return bool(selector.select(10))


def test_the_worker_starts_with_the_first_text_and_ends_with_close(worker: SpeechWorker) -> None:
    assert worker.pid is None
    worker.render("您好", ZH)
    process = os.pidfd_open(running(worker))
    worker.close()
    assert wait_for_death(process)
    os.close(process)
    assert worker.pid is None


def test_it_can_be_used_again_after_close(worker: SpeechWorker) -> None:
    first = worker.render("您好", ZH).samples
    worker.close()
    assert worker.render("您好", ZH).samples.tobytes() == first.tobytes()


@pytest.mark.parametrize("victim", ["worker", "its child"])
def test_a_kill_in_mid_render_costs_nothing_but_time(worker: SpeechWorker, victim: str) -> None:
    expected = worker.render(LONG, ZH).samples
    with ThreadPoolExecutor(1) as pool:
        rendering = pool.submit(worker.render, LONG, ZH)
        child = child_of(running(worker))
        os.kill(running(worker) if victim == "worker" else child, signal.SIGKILL)
        assert rendering.result(30).samples.tobytes() == expected.tobytes()


def test_a_worker_that_was_killed_between_two_texts_is_replaced(worker: SpeechWorker) -> None:
    worker.render("您好", ZH)
    before = running(worker)
    os.kill(before, signal.SIGKILL)
    worker.render("您好", ZH)
    assert worker.pid != before


def test_a_worker_that_hangs_is_killed_and_replaced() -> None:
    with SpeechWorker(timeout=2.0) as worker:
        expected = worker.render("您好", ZH).samples
        hung = os.pidfd_open(running(worker))
        signal.pidfd_send_signal(hung, signal.SIGSTOP)
        assert worker.render("您好", ZH).samples.tobytes() == expected.tobytes()
        assert wait_for_death(hung)
        os.close(hung)


def test_a_worker_that_hangs_twice_is_an_error() -> None:
    with SpeechWorker(timeout=0.001) as worker, pytest.raises(VoiceError, match=r"no answer .* within 0.001 s"):
        worker.render("您好", ZH)


def test_what_the_worker_said_on_stderr_stands_in_the_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the disk ate the library')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with SpeechWorker() as worker, pytest.raises(VoiceError, match="the disk ate the library"):
        worker.render("您好", ZH)


def test_a_refused_voice_does_not_cost_the_worker(worker: SpeechWorker) -> None:
    worker.render("您好", ZH)
    before = running(worker)
    with pytest.raises(VoiceError, match=r"voice zh could not say a text of 2 characters"):
        worker.render("您好", VoiceChoice("zh", 128))
    assert worker.pid == before


def test_the_worker_ends_and_cleans_up_when_its_parent_is_killed() -> None:
    code = """
import sys
from ivr.speech.tts_process import SpeechWorker
from ivr.speech.voices import VoiceChoice
worker = SpeechWorker()
worker.render("hello", VoiceChoice("gmw/en-us", 128))
print(worker.pid, worker._folder, flush=True)
sys.stdin.read()
"""
    with script(code) as parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().decode().split()
        process = os.pidfd_open(int(pid))
        parent.kill()
        assert wait_for_death(process)
        assert not Path(folder).exists()
        os.close(process)


def test_the_parent_loads_no_espeak_and_stdout_stays_empty() -> None:
    code = """
import sys
from pathlib import Path
from ivr.speech.tts import Pyttsx3Voice
with Pyttsx3Voice() as voice:
    voice.render("hello", "en")
assert not {"pyttsx3", "espeakng_loader"} & set(sys.modules)
assert "espeak" not in Path("/proc/self/maps").read_text()
"""
    with script(code) as parent:
        output, errors = parent.communicate(timeout=30)
    assert (parent.returncode, output, errors) == (0, b"", b"")


def test_a_forked_child_gets_a_worker_of_its_own() -> None:
    code = """
import os
from ivr.speech.tts_process import SpeechWorker
from ivr.speech.voices import VoiceChoice
choice = VoiceChoice("gmw/en-us", 128)
with SpeechWorker() as worker:
    expected = worker.render("hello", choice).samples.tobytes()
    worker._lock.acquire()
    if os.fork() == 0:
        same = worker.render("hello", choice).samples.tobytes() == expected
        worker.close()
        os._exit(0 if same else 1)
    worker._lock.release()
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
    assert worker.render("hello", choice).samples.tobytes() == expected
"""
    with script(code) as parent:
        _, errors = parent.communicate(timeout=30)
    assert (parent.returncode, errors) == (0, b"")
