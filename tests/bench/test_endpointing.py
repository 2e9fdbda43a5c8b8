from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from ivr.audio.frame import RATE, silence
from ivr.audio.tones import tone
from ivr.audio.wav import write_wav
from ivr.bench import endpointing
from ivr.bench.endpointing import CONDITIONS, OURS, PLAIN, Answer, Fate, Figure, Trial, audible, figures, trials
from ivr.bench.voices import recorded, recordings
from ivr.endpoint_tables import table
from ivr.errors import AudioError
from tests.conftest import RECORDINGS

KNOWN = recordings(RECORDINGS)
SHORT = ("对", "好的", "yes", "no")


def word(text: str, voice: str) -> Answer:
    path = next(each.path for each in KNOWN if (each.text, each.voice) == (text, voice))
    return Answer(text, "agreement", audible(recorded(path)))


@pytest.fixture(scope="module")
def tried() -> tuple[Trial, ...]:
    given = [word(text, voice) for text in SHORT for voice in ("jm_kumo", "jf_nezumi")]
    return tuple(trials(given, KNOWN, seed=1))


def test_a_short_word_is_never_missed_on_any_line(tried: tuple[Trial, ...]) -> None:
    ours = [each for each in tried if each.detector == OURS]
    assert len(ours) == 2 * len(SHORT) * len(CONDITIONS)
    assert {each.fate for each in ours} <= {Fate.ENDED, Fate.CUT}


def test_a_yes_on_a_clean_line_is_noticed_at_once_and_ends_within_six_tenths(tried: tuple[Trial, ...]) -> None:
    clean = [each for each in tried if (each.detector, each.condition) == (OURS, "clean")]
    assert all(each.fate is Fate.ENDED and each.latency <= 0.6 for each in clean)
    assert all(each.onset is not None and 0.0 <= each.onset <= 0.12 for each in clean)


def test_plain_webrtcvad_is_held_by_a_background_that_ours_bears(tried: tuple[Trial, ...]) -> None:
    found = {(each.suite, each.detector): each for each in figures(t for t in tried if t.condition == "babble 25 dB")}
    assert all(found[text, OURS].too_long == 0 for text in SHORT)
    assert sum(found[text, PLAIN].too_long + found[text, PLAIN].cut for text in SHORT) > 1


def test_the_same_seed_gives_the_same_trials(tried: tuple[Trial, ...]) -> None:
    assert tuple(trials([word("对", "jm_kumo")], KNOWN, seed=1)) == tried[: 2 * len(CONDITIONS)]


def test_figures_count_what_became_of_the_answers() -> None:
    fates = [(Fate.ENDED, 0.5, 0.1), (Fate.ENDED, 0.7, 0.1), (Fate.CUT, -1.0, 0.1), (Fate.MISSED, 5.0, None)]
    (found,) = figures(Trial("yes", "clean", OURS, fate, latency, onset) for fate, latency, onset in fates)
    assert found == Figure("yes", "clean", OURS, 4, 0.25, 0.25, 0.0, 0.1, 0.6, 0.69)


def test_the_figures_are_read_by_people(tried: tuple[Trial, ...]) -> None:
    shown = io.StringIO()
    Console(file=shown, width=120).print(table(figures(tried)))
    assert len(shown.getvalue().splitlines()) >= len(SHORT) * len(CONDITIONS)
    assert "0 /" in shown.getvalue()


def test_what_is_audible_of_a_piece_ends_with_its_last_loud_centisecond() -> None:
    click = silence(RATE)
    click[-1] = 500
    sound = np.concatenate([silence(RATE), tone((440.0,), 0.2, -20.0), click])
    assert len(audible(sound)) == pytest.approx(0.2 * RATE, abs=RATE // 50)
    assert len(audible(silence(RATE))) == 0


def test_human_digits_are_read_by_speaker(tmp_path: Path) -> None:
    for name in ("1_ann_0", "2_ann_0", "1_bob_3"):
        write_wav(tmp_path / f"{name}.wav", tone((440.0,), 0.3, -20.0))
    assert [len(said) for said in endpointing.human_digits(tmp_path)] == [2, 1]
    with pytest.raises(AudioError, match="no digits here"):
        endpointing.human_digits(tmp_path / "none")
