from __future__ import annotations

import pytest

from ivr.dialogue.understand.answer import Context
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import Language

ROOM = SLOTS["room_number"]
HOTEL = Context(room_lengths=(3, 4))

ZH = {
    "幺 二 零 八": "1208",
    "一 二 零 八": "1208",
    "幺二零八": "1208",
    "一 幺 零 两": "1102",
    "三 零 幺": "301",
    "三 零 一 号": "301",
    "八零五 房间": "805",
    "八零五 号 房间": "805",
    "六 幺 八 号 房": "618",
    "零 零 零": "000",
    "[unk] 三 零 幺 [unk]": "301",
    "三 零": "",
    "幺": "",
    "幺 二 零 八 五": "",
    "三 [unk] 零 幺": "",
    "幺 二 [unk] 零 八": "",
    "三 百 零 一": "301",
    "十 二 零 八": "1208",
    "十 二 八": "",
    "三 百 五": "",
    "好 的": "",
    "号": "",
    "房间": "",
    "[unk]": "",
    "": "",
}

EN = {
    "one two oh eight": "1208",
    "one two zero eight": "1208",
    "twelve oh eight": "1208",
    "room one two oh eight": "1208",
    "room number one two oh eight": "1208",
    "room number twelve oh eight": "1208",
    "number three oh one": "301",
    "three oh one": "301",
    "three zero one": "301",
    "eleven oh two": "1102",
    "one twenty five": "125",
    "twelve twenty five": "1225",
    "twelve eighteen": "1218",
    "six eighteen": "618",
    "six one eight": "618",
    "twenty oh five": "2005",
    "three hundred": "300",
    "three hundred one": "301",
    "three hundred and twenty five": "325",
    "twelve hundred": "1200",
    "twelve hundred eight": "1208",
    "[unk] three oh one [unk]": "301",
    "twenty five": "",
    "twelve": "",
    "one two": "",
    "one two three four five": "",
    "three [unk] oh one": "",
    "hundred one": "",
    "three hundred two hundred": "",
    "three hundred twelve thirteen": "",
    "room": "",
    "room number": "",
    "room three oh": "",
    "three oh one please": "301",
    "number room one two three": "",
    "[unk]": "",
    "": "",
}


def said(text: str, language: Language, context: Context = HOTEL) -> str:
    answer = ROOM.from_words(text, language, context)
    assert bool(answer.value) == (answer.outcome == "understood")
    return answer.value


@pytest.mark.parametrize(("text", "room"), ZH.items())
def test_a_chinese_room_number(text: str, room: str) -> None:
    assert said(text, "zh") == room


@pytest.mark.parametrize(("text", "room"), EN.items())
def test_an_english_room_number(text: str, room: str) -> None:
    assert said(text, "en") == room


@pytest.mark.parametrize("room", ["1208", "301", "000"])
def test_words_and_keys_of_one_room_are_one_answer(room: str) -> None:
    words = " ".join("零一二三四五六七八九"[int(digit)] for digit in room)
    assert ROOM.from_keys(room, HOTEL) == ROOM.from_words(words, "zh", HOTEL)


@pytest.mark.parametrize("keys", ["", "12", "12085", "12*8", "*"])
def test_wrong_keys_are_unclear(keys: str) -> None:
    assert ROOM.from_keys(keys, HOTEL).outcome == "unclear"


def test_the_houses_own_lengths_decide() -> None:
    five = Context(room_lengths=(5,))
    assert said("one two three four five", "en", five) == "12345"
    assert said("三 零 幺", "zh", five) == ""
    assert ROOM.from_keys("301", five).outcome == "unclear"
    assert (ROOM.longest_keys(five), ROOM.longest_keys(HOTEL)) == (5, 4)


@pytest.mark.parametrize(("lengths", "count"), [((3,), 1331), ((4,), 14641), ((3, 4), 15972), ((5,), 15972)])
def test_chinese_rooms_are_listened_for_two_digits_a_word(lengths: tuple[int, ...], count: int) -> None:
    phrases = [p for p in ROOM.phrases("zh", Context(room_lengths=lengths)) if not set(p) & set("十百千")]
    assert len(phrases) == count
    assert all(len(word) == 2 for phrase in phrases for word in phrase.split()[:-1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_counted_rooms_of_the_houses_lengths_only_are_listened_for(language: Language) -> None:
    short, long = (set(ROOM.phrases(language, Context(room_lengths=(length,)))) for length in (3, 4))
    only_three, only_four = (
        ("三百零一", "十二 零八") if language == "zh" else ("three hundred and one", "twelve hundred")
    )
    assert (only_three in short, only_three in long) == (True, False)
    assert (only_four in short, only_four in long) == (False, True)
