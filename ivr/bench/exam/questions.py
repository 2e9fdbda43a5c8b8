"""What the model is examined on: a front desk's kinds of question, their fixed grammars, and answers to try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from random import Random
from typing import Literal

from ivr.dialogue.normalise import EN_DIGITS, ZH_DIGITS
from ivr.dialogue.understand import universal
from ivr.dialogue.understand.answer import Context
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import Language

Part = Literal["test", "tune"]
"""what is reported, and what constants are chosen on"""

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

OTHER_TUNED: dict[Language, tuple[str, ...]] = {
    "zh": (
        "窗户没关好",
        "小猫爬到树上",
        "妹妹在学跳舞",
        "菜里盐放多了",
        "医院旁边有家花店",
        "春天快到了",
        "演员唱得真棒",
        "路边停着卡车",
        "衣服还没干",
        "爷爷喜欢下棋",
        "桌子上放着杂志",
        "海边风很大",
        "邻居家装修太吵",
        "牛奶喝完了",
        "他跑得非常快",
        "超市在打折",
        "图书馆里很凉快",
        "弟弟弄丢了钥匙",
        "比赛输得真可惜",
        "秋天树叶变黄",
    ),
    "en": (
        "our neighbours bought a boat",
        "the window is broken",
        "her uncle grows tomatoes",
        "we spent the summer abroad",
        "birds sing outside my house",
        "the teacher lost his glasses",
        "bread smells wonderful",
        "that movie made us cry",
        "the river is frozen",
        "students like long holidays",
        "some flowers need water",
        "my bicycle has flat tyres",
        "the actor sang beautifully",
        "cheese comes from milk",
        "rabbits eat green grass",
        "the shop sells old books",
        "her shoes were too small",
        "farmers work very hard",
        "the baby laughed loudly",
        "the garden needs rain",
    ),
}
"""the same for tuning: other sentences, so that no constant is chosen on what is reported"""

ROOM = "room_number"

TRIES: dict[Part, int] = {"test": 40, "tune": 60}
"""of rooms and of times"""

SEEDS: dict[Part, int] = {"test": 77, "tune": 78}


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
        """Whether `text` must be rejected: it answers nothing, or shares no word with the grammar."""
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


def trial_texts(language: Language, part: Part = "test") -> Iterator[str]:
    """What a voice should say: every yes, no, menu word and digit, seeded rooms and times, other speech.

    Both parts share the short fixed phrases, and nothing else.
    """
    yield from fixed_texts(language)
    yield from _rooms(language, part)
    yield from _times(language, part)
    yield from (OTHER if part == "test" else OTHER_TUNED)[language]


def fixed_texts(language: Language) -> tuple[str, ...]:
    """Every yes, no, menu word and digit."""
    return tuple(phrase for question in questions(language)[:3] for phrase in question.phrases)


def _rooms(language: Language, part: Part) -> Iterator[str]:
    rng = Random(SEEDS[part])  # noqa: S311 - not for secrets
    for _ in range(TRIES[part]):
        room = [rng.choice("123456789"), *(rng.choice("0123456789") for _ in range(3))]
        if language == "zh":
            one = rng.choice("一幺")
            yield "".join(one if digit == "1" else ZH_DIGITS[int(digit)] for digit in room)
        else:
            nought = rng.choice(("oh", "zero"))
            yield " ".join(nought if digit == "0" else EN_DIGITS[int(digit)] for digit in room)


def _times(language: Language, part: Part) -> list[str]:
    """Those of tuning are drawn from what the other part left."""
    rng = Random(SEEDS[part])  # noqa: S311 - not for secrets
    taken = set(_times(language, "test")) if part == "tune" else set()
    phrases = (plain(each, language) for each in questions(language)[4].phrases)
    return rng.sample([each for each in phrases if each not in taken], TRIES[part])


def _slot(name: str, language: Language) -> tuple[str, ...]:
    return SLOTS[name].phrases(language, Context(saved="06:30"))


@lru_cache(maxsize=2)
def _others(language: Language) -> frozenset[str]:
    return frozenset(plain(each, language) for each in (*OTHER[language], *OTHER_TUNED[language]))
