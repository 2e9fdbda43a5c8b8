from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.config import HOME
from ivr.dialogue.flow import Ask, Finish, Flow, FlowBook, Say, read_flow, read_flows
from ivr.dialogue.profile import read_profile
from ivr.errors import FlowError

HEAD = "flow: file\nabout: A test.\nstart: one\nexits: [done]\n"
Writer = Callable[[str], Path]


@pytest.fixture
def read(write: Writer) -> Callable[[str], Flow]:
    return lambda steps: read_flow(write(HEAD + steps))


def ask(flow: Flow, name: str = "one") -> Ask:
    step = flow.steps[name]
    assert isinstance(step, Ask)
    return step


def test_the_houses_own_flows_are_read(flows: FlowBook) -> None:
    assert {"reception", "wake_up_booking", "operator", "emergency"} <= set(flows)


def test_a_step_overrides_every_question_which_overrides_the_house(read: Callable[[str], Flow]) -> None:
    flow = read(
        "every_question: { wait: 800ms, tries: 2, if_silent: [a.b], after_unclear: two, after_silent: three }\n"
        "steps:\n"
        "  one: { ask: x.y, listen_for: agreement, wait: 4s, then: { agreed: two } }\n"
        "  two: { ask: x.y, listen_for: agreement, if_silent: [[c.d, e.f]], then: { agreed: one } }\n"
    )
    one, two = ask(flow).ladder, ask(flow, "two").ladder
    assert (one.wait, two.wait, one.tries, one.refusals) == (4.0, 0.8, 2, 2)
    assert (one.rungs["silent"], two.rungs["silent"]) == ((("a.b",),), (("c.d", "e.f"),))
    assert one.endings["silent"] == "three"
    assert one.endings["noisy"] == "two"


def test_only_a_question_that_says_so_reads_back(read: Callable[[str], Flow]) -> None:
    flow = read(
        "steps:\n"
        "  one: { ask: x.y, listen_for: agreement, after_refused: two, then: { agreed: two } }\n"
        "  two: { ask: x.y, listen_for: agreement, then: { agreed: one } }\n"
    )
    assert ask(flow).reads_back
    assert not ask(flow, "two").reads_back


def test_several_prompts_are_said_as_one(read: Callable[[str], Flow]) -> None:
    flow = read("steps:\n  one: { say: a.b + c.d, then: two }\n  two: { finish: done, say: [e.f, g.h], wait: 2.5s }\n")
    one, two = flow.steps["one"], flow.steps["two"]
    assert isinstance(one, Say)
    assert isinstance(two, Finish)
    assert (one.say, two.say, two.wait) == (("a.b", "c.d"), ("e.f", "g.h"), 2.5)


def test_values_that_yaml_would_change_stay_text(read: Callable[[str], Flow]) -> None:
    flow = read(
        "steps:\n  one: { ask: x.y, listen_for: agreement, then: { no: on, yes: 0412 }, choices: { a: 7:30 } }\n"
    )
    assert dict(ask(flow).then) == {"no": "on", "yes": "0412"}
    assert dict(ask(flow).choices) == {"a": "7:30"}


@pytest.mark.parametrize("wait", ["5", "soon", "s", "abcs", "-1s", "nans", "infs", "1e1s", "121s", "5 m", "٣s", "[5s]"])
def test_a_bad_time_is_refused_with_its_line(read: Callable[[str], Flow], write: Writer, wait: str) -> None:
    with pytest.raises(FlowError) as caught:
        read(f"steps:\n  one:\n    finish: done\n    wait: {wait}\n")
    assert (caught.value.where or "").endswith("file.yaml:8")


@pytest.mark.parametrize(
    ("step", "line", "words"),
    [
        ("    ask: a.b\n    do: x\n", 8, "has the verbs ask and do: it needs one of them"),
        ("    finish: done\n    ask: a.b\n", 8, "“ask” is not a word that belongs here"),
        ("    aks: a.b\n    then: two\n", 6, "one verb of ask, say, record, do, call, finish; did you mean “ask”"),
        ("    {}\n", 6, "needs one verb"),
        ("    - ask\n", 6, "needs one verb"),
        ("    just words\n", 6, "needs one verb"),
        ("    do: x\n    than: { a: b }\n", 8, "did you mean “then”"),
        ("    ask: a.b\n    listen_for: day\n    then: {}\n    tries: 0412\n", 10, "tries"),
        ("    ask: a.b\n    listen_for: day\n    then: {}\n    tries: many\n", 10, "integer"),
        ("    say: a.b\n    then: [two]\n", 8, "string"),
    ],
)
def test_a_bad_step_is_refused_with_its_line(read: Callable[[str], Flow], step: str, line: int, words: str) -> None:
    with pytest.raises(FlowError, match=words) as caught:
        read(f"steps:\n  one:\n{step}")
    assert (caught.value.where or "").endswith(f"file.yaml:{line}")


@pytest.mark.parametrize("name", ["a/b", "Ask", "1st", "问", "a b", "''"])
def test_a_step_needs_a_plain_name(read: Callable[[str], Flow], name: str) -> None:
    with pytest.raises(FlowError, match="no name for a step") as caught:
        read(f"steps:\n  {name}: {{ finish: done }}\n")
    assert (caught.value.where or "").endswith(":6")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flow: other\nabout: x\nstart: a\nexits: []\nsteps: {}\n", "must live in other.yaml"),
        ("flow: file\nabout: x\nstart: a\nexits: done\nsteps: {}\n", "exits"),
        ("- flow: file\n", "valid dictionary"),
        ("flow: file\n", "“steps” is missing"),
    ],
)
def test_a_bad_head_is_refused(write: Writer, text: str, words: str) -> None:
    with pytest.raises(FlowError, match=words):
        read_flow(write(text))


def test_an_empty_folder_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match=r"no flows here: expected files such as reception\.yaml"):
        read_flows(tmp_path / "nowhere")


def test_no_profile_is_called_like_a_part_of_the_day(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    text = (HOME / "flows" / "profiles" / "hotel.yaml").read_text(encoding="utf-8")
    (tmp_path / "profiles" / "night.yaml").write_text(text.replace("profile: hotel", "profile: night"))
    with pytest.raises(FlowError, match="“night” is a part of the day"):
        read_profile(tmp_path, "night")
