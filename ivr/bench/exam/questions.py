"""What the model is examined on: a front desk's kinds of question, their fixed grammars, and answers to try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random

from ivr.dialogue.normalise import EN_DIGITS, ZH_DIGITS
from ivr.dialogue.understand import universal
from ivr.dialogue.understand.answer import Context
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import Language

MENU: dict[Language, tuple[str, ...]] = {
    "zh": ("叫醒服务", "留言", "转接", "前台", "投诉", "维修", "重复", "取消", "人工"),
    "en": (
        "wake up call",
        "leave a message",
        "transfer",
        "front desk",
        "complaint",
        "repair",
        "repeat",
        "cancel",
        "operator",
    ),
}
"""the menu of nine"""

OTHER: dict[Language, tuple[str, ...]] = {
    "zh": (
        "外面下雨了",
        "我在看电视",
        "昨天去爬山",
        "孩子睡着了",
        "这本书很有意思",
        "股市又跌了",
        "他喜欢踢足球",
        "苹果多少钱一斤",
        "音乐太好听了",
        "飞机已经起飞",
        "学校放假了",
        "妈妈在厨房做饭",
        "我的手机找不到",
        "北京比上海冷",
        "会议推迟举行",
        "周围很安静",
        "请把盐递给我",
        "公园里开满了花",
        "司机迷路了",
        "老板出差去了",
    ),
    "en": (
        "it rained all day",
        "my sister plays the piano",
        "apples are cheap this year",
        "the dog sleeps under the table",
        "we watched a film together",
        "the train left without us",
        "she bought a yellow jacket",
        "grandma lives near the river",
        "football makes him happy",
        "put the milk into the fridge",
        "computers are getting smaller",
        "children love chocolate",
        "i forgot my umbrella",
        "the moon looks very bright",
        "they painted the kitchen blue",
        "learning chinese takes patience",
        "his brother drives too fast",
        "winter begins in december",
        "the museum was closed",
        "let us walk through the park",
    ),
}
"""speech that answers nothing, for rejection"""

ROOM = "room_number"

ROOMS = TIMES = 40
"""tries of each kind and voice"""


@dataclass(frozen=True)
class Question:
    """A fixed grammar, named after the product's slot where it has one."""

    name: str
    language: Language
    phrases: tuple[str, ...]
    """a blank in Chinese parts words"""

    @cached_property
    def answers(self) -> frozenset[str]:
        """The phrases as they are compared."""
        return frozenset(plain(phrase, self.language) for phrase in self.phrases)

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset(token for phrase in self.phrases for token in tokens(phrase, self.language))

    def takes(self, text: str) -> bool:
        """Whether `text` is a right answer; a room is any number that the grammar's pairs span."""
        if self.name == ROOM:
            spoken = " ".join(tokens(text, self.language))
            understood = SLOTS[ROOM].from_words(spoken, self.language, Context()).outcome == "understood"
            return understood and self.tokens.issuperset(spoken.split())
        return plain(text, self.language) in self.answers

    def foreign(self, text: str) -> bool:
        """Whether `text` must be rejected: it shares no word, in Chinese no character, with the grammar."""
        return plain(text, self.language) in _others(self.language) or self.tokens.isdisjoint(
            tokens(text, self.language)
        )


def plain(text: str, language: Language) -> str:
    """Words with one blank between them, Chinese with none."""
    return ("" if language == "zh" else " ").join(text.lower().split())


def tokens(text: str, language: Language) -> tuple[str, ...]:
    """Characters in Chinese, words in English."""
    return tuple("".join(text.split())) if language == "zh" else tuple(text.lower().split())


@lru_cache(maxsize=2)
def questions(language: Language) -> tuple[Question, ...]:
    """The five kinds whose figures are reported; yes/no, rooms and times are the product's own grammars."""
    digits = (*ZH_DIGITS, "幺") if language == "zh" else EN_DIGITS
    return (
        Question("agreement", language, _slot("agreement", language)),
        Question("menu", language, MENU[language]),
        Question("digit", language, tuple(digits)),
        Question(ROOM, language, _slot(ROOM, language)),
        Question("clock_time", language, _slot("clock_time", language)),
    )


@lru_cache(maxsize=16)
def asked(slot: str, language: Language, words: tuple[str, ...] = ()) -> Question:
    """A question as the product asks it: its slot's phrases or a menu's `words`, and the universals."""
    own = words or _slot(slot, language)
    return Question(slot, language, tuple(dict.fromkeys((*own, *universal.phrases(language)))))


def trial_texts(language: Language) -> Iterator[str]:
    """What a held-out voice should say: every yes, no, menu word and digit, seeded rooms and times, other speech."""
    agreement, menu, digit, _, time = questions(language)
    yield from (*agreement.phrases, *menu.phrases, *digit.phrases)
    rng = Random(77)  # noqa: S311 - not for secrets
    for _ in range(ROOMS):
        room = [rng.choice("123456789"), *(rng.choice("0123456789") for _ in range(3))]
        if language == "zh":
            one = rng.choice("一幺")
            yield "".join(one if digit == "1" else ZH_DIGITS[int(digit)] for digit in room)
        else:
            nought = rng.choice(("oh", "zero"))
            yield " ".join(nought if digit == "0" else EN_DIGITS[int(digit)] for digit in room)
    yield from (plain(each, language) for each in rng.sample(time.phrases, TIMES))
    yield from OTHER[language]


def _slot(name: str, language: Language) -> tuple[str, ...]:
    return SLOTS[name].phrases(language, Context(saved="06:30"))


@lru_cache(maxsize=2)
def _others(language: Language) -> frozenset[str]:
    return frozenset(plain(each, language) for each in OTHER[language])
