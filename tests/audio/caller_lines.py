"""What the callers of tests/audio/callers say: every kind of answer that a question of ours can get."""

from __future__ import annotations

import re
from dataclasses import dataclass

CHINESE: dict[str, dict[str, str]] = {
    "agreement": {
        "是的": "shi4de5",
        "对": "dui4",
        "对的": "dui4de5",
        "好的": "hao3de5",
        "不是": "bu2shi4",
        "不对": "bu2dui4",
        "不用了": "bu2yong4le5",
    },
    "menu": {"叫醒服务": "jiao4xing3 fu2wu4", "叫醒": "jiao4xing3", "预订叫醒": "yu4ding4 jiao4xing3"},
    "room": {
        "幺二零八": "yao1er4ling2ba1",
        "三零幺": "san1ling2yao1",
        "八零五": "ba1ling2wu3",
        "幺幺零二": "yao1yao1ling2er4",
        "六幺八": "liu4yao1ba1",
    },
    "time": {
        "六点半": "liu4dian3ban4",
        "早上六点半": "zao3shang4 liu4dian3ban4",
        "七点": "qi1dian3",
        "早上七点半": "zao3shang4 qi1dian3ban4",
        "明天早上七点": "ming2tian1 zao3shang4 qi1dian3",
        "七点三刻": "qi1dian3 san1ke4",
        "晚上十点": "wan3shang4 shi2dian3",
        "下午三点": "xia4wu3 san1dian3",
        "六点四十五分": "liu4dian3 si4shi2wu3fen1",
        "五点二十": "wu2dian3 er4shi2",
    },
    "half": {"早上": "zao3shang4", "下午": "xia4wu3", "晚上": "wan3shang4", "上午": "shang4wu3"},
    "day": {"明天": "ming2tian1", "今天": "jin1tian1"},
    "universal": {
        "再说一遍": "zai4shuo1 yi2bian4",
        "帮助": "bang1zhu4",
        "人工": "ren2gong1",
        "取消": "qu3xiao1",
        "救命": "jiu4ming4",
        "着火了": "zhao2huo3le5",
    },
}
"""Kind -> what a listener writes -> pinyin as said aloud, after tone sandhi; a blank parts words."""

ENGLISH: dict[str, tuple[str, ...]] = {
    "agreement": ("yes", "yes please", "that's right", "no", "no thank you", "correct"),
    "menu": ("wake up call", "book a wake up call"),
    "room": ("one two oh eight", "three oh one", "eight oh five", "eleven oh two", "six one eight"),
    "time": (
        "half past six",
        "seven thirty",
        "quarter to seven",
        "six forty five",
        "seven o'clock",
        "seven a m",
        "six thirty in the morning",
        "ten p m",
        "tomorrow at seven",
    ),
    "half": ("in the morning", "in the evening", "morning", "afternoon"),
    "day": ("tomorrow", "today"),
    "universal": (
        "say that again",
        "repeat please",
        "help",
        "operator",
        "cancel",
        "there is a fire",
        "chinese please",
    ),
}

ONE_CALL = frozenset(
    {
        "yes",
        "that's right",
        "no",
        "wake up call",
        "one two oh eight",
        "half past six",
        "in the morning",
        "help",
        "cancel",
    }
)
"""What a voice must be able to say to book one wake-up call: all that fits the size limit for the flite voices."""


@dataclass(frozen=True)
class Line:
    """One thing that a caller says; `spoken` is pinyin or English spelling for the engine."""

    language: str
    kind: str
    text: str
    spoken: str

    @property
    def name(self) -> str:
        words = re.sub(r"[1-5']", "", self.spoken if self.language == "zh" else self.text)
        return f"{self.language}-{self.kind}-{words.replace(' ', '-')}"


def chinese() -> list[Line]:
    return [Line("zh", kind, text, said) for kind, said_by in CHINESE.items() for text, said in said_by.items()]


def english() -> list[Line]:
    # Without the full stops both engines read the article "a".
    spelled = {"seven a m": "seven A.M.", "ten p m": "ten P.M."}
    return [Line("en", kind, text, spelled.get(text, text)) for kind, texts in ENGLISH.items() for text in texts]
