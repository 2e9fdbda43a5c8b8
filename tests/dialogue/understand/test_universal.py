from __future__ import annotations

import pytest

from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.understand import universal
from ivr.records import LANGUAGES, Language

CASES = {
    "zh": {
        "repeat": "再说 一遍|请 再说 一遍|重复|[unk] 重复",
        "help": "帮助|怎么 用",
        "operator": "人工|人工 服务|转 人工",
        "cancel": "取消",
        "language": "英文|英语|讲 英文|说 英语",
        "emergency": "火警|着火|着火 了|救命|急救|报警|煤气|煤气 漏 了|救护车|流氓|抓 流氓",
        "": "|说|一遍|中文|[unk]|叫醒|取消 帮助|好的",
    },
    "en": {
        "repeat": "repeat|repeat please|say that again|[unk] repeat",
        "help": "help",
        "operator": "operator|the operator",
        "cancel": "cancel|cancel it",
        "language": "chinese|speak chinese|chinese please",
        "emergency": "fire|there is a fire|is a fire|the fire|emergency|ambulance|police|gas leak",
        "": "|is|a|there|say that|english|[unk]|wake up|help cancel|five|gas",
    },
}
ROWS = [
    (language, name, said) for language, rows in CASES.items() for name, row in rows.items() for said in row.split("|")
]


@pytest.mark.parametrize(("language", "name", "said"), ROWS)
def test_a_universal_by_words(language: Language, name: str, said: str) -> None:
    assert (universal.from_words(said, language) or "") == name


@pytest.mark.parametrize(
    ("said", "language"),
    [("中文", "zh"), ("讲 中文", "zh"), ("普通话", "zh"), ("english", "en"), ("speak english", "en")],
)
def test_a_language_is_asked_for_in_itself(said: str, language: Language) -> None:
    assert universal.asks_for(said, language)
    assert not universal.asks_for("", language)


def test_a_key_is_a_universal_where_no_number_is_asked_for() -> None:
    found = {key: universal.from_keys(key, takes_number=False) for key in ("*", "0", "8", "9", "1", "00", "", "#")}
    known = {"*": "repeat", "0": "operator", "8": "no_recording", "9": "language"}
    assert found == known | {"1": None, "00": None, "": None, "#": None}
    assert universal.from_keys("*", takes_number=True) == "repeat"
    assert universal.from_keys("0", takes_number=True) is None


def test_every_universal_can_be_said_in_both_languages(catalogue: Catalogue) -> None:
    words = catalogue.choices
    for language in LANGUAGES:
        rows = universal.rows(language, words)
        assert set(rows) == set(universal.UNIVERSALS)
        for name, phrases in rows.items():
            assert {universal.from_words(phrase, language, words) for phrase in phrases} == {name}
        heard = {universal.from_words(phrase, language, words) for phrase in universal.phrases(language, words)}
        assert heard == set(universal.UNIVERSALS)
        assert all(universal.asks_for(phrase, language) for phrase in universal.switch_phrases(language))
