from __future__ import annotations

from pathlib import Path

import pytest

from ivr.bench.runner import Bench
from ivr.bench.scenario import Scenario, cast, find_scenarios, read_scenario
from ivr.errors import FlowError

GOOD = """\
scenario: one
about: A test.
at: 2026-11-21 22:00
caller: { voice: zh-f2, language: zh }
answers:
  reception/choose: [叫醒, { keys: "1", after: 800ms }, { silent: yes }]
  goodbye/farewell: { hang_up: yes }
expect:
  outcome: finished
  ending: goodbye
"""


def read(bench: Bench, tmp_path: Path, text: str) -> Scenario:
    path = tmp_path / "one.yaml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path, bench.stage)


def test_replies_may_be_words_keys_silence_or_a_hang_up(bench: Bench, tmp_path: Path) -> None:
    replies = read(bench, tmp_path, GOOD).answers["reception/choose"]
    assert [(reply.say, reply.keys, reply.silent) for reply in replies] == [
        ("叫醒", None, None),
        (None, "1", None),
        (None, None, "yes"),
    ]
    assert replies[1].after == 0.8


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("ending: goodbye", "endign: goodbye", 10, "endign"),
        ("outcome: finished\n", "", 8, "outcome"),
        ("2026-11-21 22:00", "tonight", 3, "at"),
        ("zh-f2, language", "zh-x9, language", 4, "no voice “zh-x9”; there is en-gb-f2"),
        ("language: zh }", "language: fr }", 4, "language"),
        ("{ hang_up: yes }", "{ hang_up: yes, keys: '1' }", 7, "needs one of say, wav, keys, key_sounds,"),
        ('keys: "1"', 'keys: "one"', 6, "keys"),
        ("800ms", "soon", 6, "after"),
        ("voice: zh-f2, ", "", 6, "needs a voice"),
        ("scenario: one", "scenario: two", 1, "two.yaml"),
        ("reception/choose:", "reception/chose:", 6, "no state or prompt; did you mean “reception/choose”?"),
        ("ending: goodbye", "ending: good", 10, "no call ends in “good”; did you mean “goodbye”?"),
        ("{ hang_up: yes }", "{ wav: cough.wav }", 7, "no recording"),
        ("voice: zh-f2, ", "voices: [zh-f2, zh-x9], ", 4, "no voice “zh-x9”; there is en-gb-f2"),
        ("voice: zh-f2, ", "voices: [zh-f2, zh-f2], ", 4, "names a voice twice"),
        ("voice: zh-f2, ", "voice: zh-f2, voices: [zh-m3], ", 4, "has voice or voices, not both"),
        (
            "voice: zh-f2, language: zh",
            "voices: [jm_kumo, zh-f2], language: en",
            6,
            "jm_kumo has no recording of “叫醒”",
        ),
        ("voice: zh-f2, language: zh", "voice: jm_kumo, language: en", 6, "jm_kumo has no recording of “叫醒”"),
    ],
)
def test_a_fault_is_named_with_file_and_line(
    bench: Bench, tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    with pytest.raises(FlowError) as caught:
        read(bench, tmp_path, GOOD.replace(old, new))
    assert caught.value.where == f"{tmp_path / 'one.yaml'}:{line}"
    assert message in str(caught.value)


def test_a_scenario_is_played_once_by_each_of_its_voices(bench: Bench, tmp_path: Path) -> None:
    one = read(bench, tmp_path, GOOD)
    three = read(bench, tmp_path, GOOD.replace("voice: zh-f2", "voices: [zh-f2, zh-m3, zh-f5]"))
    assert cast(one) == (one,)
    assert [(each.scenario, each.caller.everyone) for each in cast(three)] == [
        ("one[zh-f2]", ("zh-f2",)),
        ("one[zh-m3]", ("zh-m3",)),
        ("one[zh-f5]", ("zh-f5",)),
    ]


def test_folders_are_searched_and_what_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").touch()
    (tmp_path / "a.yaml").touch()
    assert [path.name for path in find_scenarios((tmp_path, tmp_path / "a.yaml"))] == ["a.yaml", "b.yaml"]
    with pytest.raises(FlowError, match="no such scenario"):
        find_scenarios((tmp_path / "c.yaml",))
    (tmp_path / "empty").mkdir()
    with pytest.raises(FlowError, match="no scenarios here"):
        find_scenarios((tmp_path / "empty",))
