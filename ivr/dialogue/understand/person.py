"""Who: a surname with its title, from closed lists. A value is the title and the surname: `mr 王`, `ms smith`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot, find, frozen
from ivr.dialogue.understand.manner import forms
from ivr.records import Language

NEEDS_TITLE = "needs_title"
SURNAMES: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": (
            *"丁万严乔于付任何余侯冯刘卢史叶向吕吴周唐夏姚姜孔孙孟宋尹崔常康廖张彭徐戴方易曹曾朱李杜杨林梁武段毛江汤汪沈潘熊王田白石",
            *"秦程罗肖胡苏范莫董蒋蔡薛袁覃许谢谭贺贾赵邓邱邵邹郑郝郭金钟钱闫陆陈陶雷韦韩顾马高魏黄黎龙龚",
            *("上官", "东方", "司徒", "司马", "欧阳", "诸葛"),
        ),
        "en": (
            *("adams", "anderson", "bailey", "baker", "bennett", "brooks", "brown", "campbell", "carter"),
            *("chang", "chen", "clark", "collins", "cook", "cooper", "cox", "davis", "edwards", "evans", "foster"),
            *("gray", "green", "harris", "hill", "howard", "hughes", "jackson", "johnson", "jones", "kelly"),
            *("king", "lee", "lewis", "long", "martin", "miller", "mitchell", "moore", "morgan", "morris", "murphy"),
            *("myers", "nelson", "parker", "peterson", "phillips", "powell", "richardson", "roberts", "robinson"),
            *("rogers", "ross", "russell", "sanders", "scott", "smith", "stewart", "sullivan", "taylor", "thomas"),
            *("thompson", "turner", "walker", "wang", "ward", "watson", "white", "williams", "wilson", "wood"),
            *("wright", "young"),
        ),
    }
)
"""the commonest ones among those that the bundled model was taught as names"""

TITLES = frozen(
    {
        "zh": {
            "mr": ("先生",),
            "ms": ("女士",),
            "miss": ("小姐",),
            "mrs": ("太太",),
            "manager": ("经理",),
            "doctor": ("医生", "大夫"),
            "professor": ("教授",),
        },
        "en": {
            "mr": ("mister", "mr"),
            "ms": ("ms", "miz"),
            "miss": ("miss",),
            "mrs": ("missus", "mrs"),
            "doctor": ("doctor",),
            "professor": ("professor",),
        },
    }
)
_SEXES = frozen(
    {
        "zh": {"mr": ("男士", "男"), "ms": ("女",), "miss": ("姑娘",)},
        "en": {"mr": ("sir", "a man"), "ms": ("madam", "a lady", "a woman")},
    }
)
"""titles by themselves are said so, too"""

_ZH_LEADS = ("免贵姓", "我姓", "姓")
_EN_LEADS = ("my name is ", "the name is ", "name is ", "my surname is ", "i am ", "i'm ", "surname ")
_ZH_SPOKEN = ("先生", "女士", "小姐", "经理", "太太", "医生", "教授")
_EN_SPOKEN = ("mister", "missus", "miss", "ms", "doctor", "professor")


def _phrases(language: Language, _context: Context) -> tuple[str, ...]:
    names = SURNAMES[language]
    if language == "zh":
        # without 我 it is heard as 罗, a surname itself (measured here, 4 espeak voices: 40 of 40 times)
        leads = ("姓", "我 姓")
        titled = (f"{name}{title}" for name in names for title in _ZH_SPOKEN)
        return (*titled, *(f"{lead} {name}" for lead in leads for name in names))
    return (*(f"{title} {name}" for name in names for title in _EN_SPOKEN), *names, *(f"my name is {n}" for n in names))


def _from_words(text: str, language: Language, _context: Context) -> Answer:
    people = _PEOPLE[language]
    for said in forms(text, language):
        leads = _ZH_LEADS if language == "zh" else _EN_LEADS
        lead = next((each for each in leads if said.startswith(each)), "")
        found = people.get(said) or people.get(said.removeprefix(lead))
        if found:
            return Answer("understood" if " " in found else NEEDS_TITLE, found)
    return NOT_UNDERSTOOD


def _people(language: Language) -> Mapping[str, str]:
    """Every name that is understood → its value."""
    blank = "" if language == "zh" else " "
    found = {name: name for name in SURNAMES[language]}
    for title, words in TITLES[language].items():
        for word in words:
            # 王先生, 姓王的先生; mister smith
            parts = ((name, word) if language == "zh" else (word, name) for name in SURNAMES[language])
            found |= {blank.join(pair): f"{title} {pair[0 if language == 'zh' else 1]}" for pair in parts}
    return MappingProxyType(found)


_PEOPLE: Mapping[Language, Mapping[str, str]] = MappingProxyType({"zh": _people("zh"), "en": _people("en")})


def _title_phrases(language: Language, _context: Context) -> tuple[str, ...]:
    return _ZH_SPOKEN[:4] if language == "zh" else ("mister", "missus", "miss", "sir")


def _title_from_words(text: str, language: Language, context: Context) -> Answer:
    for said in forms(text, language):
        title = find(said, TITLES[language]) or find(said, _SEXES[language])
        if title:
            return _titled(title, context)
    return NOT_UNDERSTOOD


def _title_from_keys(keys: str, context: Context) -> Answer:
    """1 for a gentleman, 2 for a lady."""
    title = {"1": "mr", "2": "ms"}.get(keys)
    return _titled(title, context) if title else NOT_UNDERSTOOD


def _titled(title: str, context: Context) -> Answer:
    """The surname that was said before, now with its title."""
    return Answer("understood", f"{title} {context.saved}") if context.saved else NOT_UNDERSTOOD


SURNAME = Slot(
    name="surname",
    kind=QuestionKind.MENU,
    outcomes=("understood", NEEDS_TITLE),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=lambda _keys, _context: NOT_UNDERSTOOD,
    longest_keys=lambda _context: 1,
)

TITLE = Slot(
    name="title",
    kind=QuestionKind.MENU,
    outcomes=("understood",),
    phrases=_title_phrases,
    from_words=_title_from_words,
    from_keys=_title_from_keys,
    longest_keys=lambda _context: 1,
)
"""completes the surname kept under the same `save_as`"""
