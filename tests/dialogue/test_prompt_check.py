from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.config import HOME
from ivr.dialogue.house import Problem
from ivr.dialogue.profile import profiles
from ivr.dialogue.prompt_check import check_prompts

Spoil = Callable[[str, str, str], str]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Change one place of a copy of the house's flows and prompts; `file:line` of it."""
    for name in ("flows", "prompts"):
        shutil.copytree(HOME / name, tmp_path / name, ignore=shutil.ignore_patterns("*.wav"))

    def spoil(file: str, old: str, new: str) -> str:
        path = tmp_path / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has changed: {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return f"{path}:{text[: text.index(old)].count(chr(10)) + 1}"

    return spoil


def found(folder: Path) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for problem in check_prompts(folder / "flows", folder / "prompts", "hotel"):
        told.setdefault(problem.where, []).append(problem.message)
    return told


@pytest.mark.parametrize("profile", profiles(HOME / "flows"))
def test_the_houses_own_prompts_are_in_order_in_every_profile(profile: str) -> None:
    assert check_prompts(HOME / "flows", HOME / "prompts", profile) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("zh/wakeup.yaml", "请问您的房号是多少？", "喂，请问您的房号是多少？", "“喂” is not said to guests"),
        ("zh/wakeup.yaml", "请您将房号再说一遍好吗", "我 听不清，请您将房号再说一遍好吗", "“我听不清” is not said"),
        ("zh/wakeup.yaml", "请问您的房号是多少？", "请问你的房号是多少？", "“你” is said where “您” is meant"),
        ("zh/common.yaml", "好的，现在为您", "哦，现在为您", "“哦” is no answer"),
        ("zh/reception.yaml", "请问还有其他可以帮您的吗？", "还有其他要帮的吗？", "a question without “您”"),
        ("zh/emergency.yaml", "请您记下。", "拨打一一九。", "a bare command"),
        ("zh/wakeup.yaml", "很抱歉，请您将房号再说一遍", "请您将房号再说一遍", "without “很抱歉” or “对不起”"),
        ("zh/wakeup.yaml", "很抱歉，请您用按键选择：今天", "请您用按键选择：今天", "do it again without “很抱歉”"),
        (
            "zh/wakeup.yaml",
            "很抱歉，系统暂时无法登记，这次的叫醒没有预订成功。请您联系前台，由前台为您安排。",
            "很抱歉，系统无法登记。",
            "without a way on",
        ),
        ("zh/wakeup.yaml", "会在{date:date}{time:clock}准时叫醒您", "会叫醒您", "promise without a time"),
        ("zh/goodbye.yaml", "感谢您的来电，{now:wish}，再见", "好，{now:wish}，再见", "a farewell without “谢”"),
        (
            "zh/goodbye.yaml",
            "挂机后重拨。谢谢您，再见！   # S7",
            "挂机后重拨。谢谢您！",
            "the last words of a call without “再见”",
        ),
        ("zh/goodbye.yaml", "没有听到您的声音，请您稍后", "没有听到您的声音，大声点，请您稍后", "“大声点” is not said"),
        ("zh/reception.yaml", "{now:hello}，{house:text}。请问", "{now:hello}。请问", "names the house"),
        (
            "en/wakeup.yaml",
            "What is your room number, please?",
            "What is your room number?",
            "a question without “please”",
        ),
        ("en/wakeup.yaml", "What is your room number, please?", "You must tell me, please.", "“you must” is not said"),
        (
            "en/wakeup.yaml",
            "I am sorry, could you please say the time once more",
            "Could you please say the time once more",
            "without “sorry”",
        ),
        ("en/common.yaml", "Certainly, we will continue", "What? We will continue", "“what” is no answer"),
        ("en/goodbye.yaml", "Thank you for calling. {now:wish}", "Well, {now:wish}", "a farewell without “thank you”"),
        (
            "en/wakeup.yaml",
            "Please contact the front desk, who will arrange it for you.",
            "It ended.",
            "without a way on",
        ),
    ],
)
def test_a_planted_phrase_is_found_on_its_line(
    spoil: Spoil, tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    place = spoil(f"prompts/{file}", old, new)
    assert any(says in message for message in found(tmp_path).get(place, [])), found(tmp_path)


def test_a_missing_translation_is_found_where_the_other_language_has_it(spoil: Spoil, tmp_path: Path) -> None:
    spoil("prompts/en/wakeup.yaml", "what_day: ", "wat_day: ")
    place = spoil("prompts/zh/wakeup.yaml", "what_day: ", "what_day: ")
    told = found(tmp_path)
    assert told[place] == ["prompt “wakeup.what_day” is missing in en"]


def test_a_choice_needs_words_in_both_languages(spoil: Spoil, tmp_path: Path) -> None:
    place = spoil("prompts/zh/choices.yaml", "goodbye: ", "goodbye: ")
    spoil("prompts/en/choices.yaml", "goodbye: ", "good_bye: ")
    assert "choice “goodbye” has no words in en" in found(tmp_path)[place]


def test_a_prompt_that_nothing_says_is_told_with_the_nearest_that_is_said(spoil: Spoil, tmp_path: Path) -> None:
    places = [spoil(f"prompts/{language}/wakeup.yaml", "what_day: ", "wat_day: ") for language in ("zh", "en")]
    told = found(tmp_path)
    for place in places:
        assert told[place] == ["prompt “wakeup.wat_day” is never said; did you mean “wakeup.what_day”?"]
    (other,) = told.keys() - set(places)
    assert other.startswith(str(tmp_path / "flows/wake_up_booking.yaml"))
    assert told[other] == ["prompt “wakeup.what_day” is in no language; did you mean “wakeup.wat_day”?"]


def test_variables_that_differ_are_found_and_so_is_everything_else(spoil: Spoil, tmp_path: Path) -> None:
    place = spoil("prompts/en/wakeup.yaml", "I cannot find room {room:room}", "I cannot find it")
    other = spoil("prompts/en/common.yaml", "Certainly, we", "Whatever, we")
    told = found(tmp_path)
    assert "has other variables than in zh" in told[place][0]
    assert "“whatever” is not said" in told[other][0]


def test_words_of_another_profile_are_checked_too(spoil: Spoil, tmp_path: Path) -> None:
    place = spoil("prompts/zh/goodbye.yaml", "听不到您的声音，请您挂机", "听不到你的声音，请您挂机")
    assert found(tmp_path) == {place: ["“goodbye.no_sound”: “你” is said where “您” is meant (S15)"]}


def test_a_sentence_repeated_word_for_word_is_found_where_the_flow_says_it(spoil: Spoil, tmp_path: Path) -> None:
    old, new = "[wakeup.room_again, wakeup.room_keys]", "[wakeup.room_again, wakeup.room_again]"
    place = spoil("flows/wake_up_booking.yaml", old, new)
    told = found(tmp_path)[place]
    assert told == [f"step “ask_room” repeats a sentence word for word in {each} (S8)" for each in ("en", "zh")]


def test_a_file_that_cannot_be_read_is_one_problem(spoil: Spoil, tmp_path: Path) -> None:
    place = spoil("prompts/zh/wakeup.yaml", "what_day: ", "what_time: ")
    (problem,) = check_prompts(tmp_path / "flows", tmp_path / "prompts", "hotel")
    assert problem == Problem(place, "“what_time” stands here a second time")
