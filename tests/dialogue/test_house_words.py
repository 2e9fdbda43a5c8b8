"""What no prompt may say, and what every prompt that asks must (S15, banned-phrases of the house standard)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from ivr.config import HOME
from ivr.dialogue.profile import profiles
from ivr.dialogue.prompts import Catalogue, Prompt, read_catalogue

ZH_BANNED = (
    "喂",
    "嘿",
    "什么事",
    "你说什么",
    "说什么",
    "怎么了",
    "什么怎么样",
    "你到底",
    "到底要不要",
    "听不听我说",
    "你问我我问谁",
    "我态度怎样",
    "听不见",
    "说话呀",
    "不说话就挂",
    "声音太小了",
    "声音大一点",
    "大声点",
    "我听不清",
    "你是不是听不到",
    "真啰嗦",
    "刚才和你说过了",
    "不是告诉你了吗",
    "我告诉你好几遍了",
    "怎么还不明白",
    "急什么",
    "冷静点",
    "别催我",
    "我忙着呢",
    "你等着",
    "不知道",
    "我不清楚",
    "这我怎么知道",
    "不行就是不行",
    "好像解决不了",
    "不归我管",
    "那不是我的工作",
    "愿意找谁找谁去",
    "有意见找领导",
    "你应该去找",
    "你必须",
    "想好了再打来",
    "说完了没有",
    "这是规定我没办法",
    "你自己去",
    "打错了",
    "没有这个人",
)
EN_BANNED = (
    "hey",
    "speak up",
    "you must",
    "you have to",
    "calm down",
    "hurry up",
    "i don't know",
    "that's not my job",
    "no way",
    "wrong number",
    "like i said",
    "i already told you",
    "what do you want",
    "hang up then",
    "whatever",
    "i can't hear you",
)
ASKS_AGAIN = re.compile("_again$|_keys$|please_repeat|try_the_keypad|yes_or_no|still_there")
OFFERS = ("reception.offer_again", "reception.anything_else_again", "emergency.again")
"""help offered once more, numbers said once more (S4, R4): nobody is asked to repeat"""

CLOSINGS = (
    "goodbye.farewell",
    "goodbye.no_sound",
    "goodbye.nobody_there",
    "goodbye.too_quiet",
    "goodbye.bad_line",
    "goodbye.no_luck",
    "common.fault",
)


@pytest.fixture(scope="module", params=profiles(HOME / "flows"))
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    return read_catalogue(HOME / "prompts", request.param)


def every(catalogue: Catalogue, language: str) -> Iterator[Prompt]:
    for spoken, prompts in catalogue.prompts.items():
        if spoken == language:
            yield from prompts.values()


def test_no_chinese_prompt_scolds(catalogue: Catalogue) -> None:
    for prompt in every(catalogue, "zh"):
        words = re.sub(r"[\W_]", "", prompt.text)
        found = [banned for banned in ZH_BANNED if banned in words]
        assert not found, f"{prompt.where}: {found}"
        assert "你" not in words, f"{prompt.where}: 您 is meant"


def test_no_english_prompt_scolds(catalogue: Catalogue) -> None:
    for prompt in every(catalogue, "en"):
        found = [banned for banned in EN_BANNED if re.search(rf"\b{banned}\b", prompt.text.lower())]
        assert not found, f"{prompt.where}: {found}"


def test_every_prompt_that_asks_is_polite(catalogue: Catalogue) -> None:
    for prompt in every(catalogue, "zh"):
        if "？" in prompt.text:
            assert "您" in prompt.text, prompt.where
            assert "请" in prompt.text or "吗" in prompt.text, prompt.where


def test_an_apology_goes_before_every_request_to_repeat(catalogue: Catalogue) -> None:
    sorry = {"zh": ("很抱歉", "对不起"), "en": ("I am sorry", "I am very sorry")}
    for language, words in sorry.items():
        for prompt in every(catalogue, language):
            if ASKS_AGAIN.search(prompt.key) and prompt.key not in OFFERS:
                assert prompt.text.startswith(words), prompt.where


@pytest.mark.parametrize("key", CLOSINGS)
def test_every_call_closes_with_thanks(catalogue: Catalogue, key: str) -> None:
    assert "谢" in catalogue.prompt(key, "zh").text
    assert "再见" in catalogue.prompt(key, "zh").text
    assert "hank you" in catalogue.prompt(key, "en").text
    assert "oodbye" in catalogue.prompt(key, "en").text


def test_a_refusal_always_has_a_way_on(catalogue: Catalogue) -> None:
    for key in ("operator.nobody_now", "goodbye.no_luck", "wakeup.not_stored", "common.fault"):
        assert "前台" in catalogue.prompt(key, "zh").text or "总机" in catalogue.prompt(key, "zh").text
