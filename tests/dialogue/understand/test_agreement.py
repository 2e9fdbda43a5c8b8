from __future__ import annotations

import pytest

from ivr.dialogue.understand.answer import Context
from ivr.dialogue.understand.slots import SLOTS

AGREEMENT = SLOTS["agreement"]

ZH = {
    "agreed": "是|是的|对|对的|对 对|对 对 对|好|好的|可以|没错|没问题|是的 没错|对 没错|是的 是的|好的 好的|可以 可以|"
    "对 是的|好的 没问题|[unk] 是的|是的 [unk]",
    "refused": "不|不是|不是 的|不对|不要|不用|不用 了|没有|没有 了|不行|错了|不需要|不 不|不 不是|"
    "不 不 不对|不用 不用|不是 不是|不要 不要|[unk] 不用",
    "unclear": "|是 不是|对 不对|好 不好|不 好|不 错了|没有 错了|不是 不对|没有 不对|是 不|不 是的 对|"
    "对 [unk] 不|是 [unk] 的|的|没|问题|[unk]|明天|七点",
}

EN = {
    "agreed": "yes|yeah|yep|yes please|yes it is|yes is|correct|that's right|right|okay|yes that's right|yes yes|"
    "yes correct|yes yes please|okay yes|the right|[unk] yes",
    "refused": "no|nope|no thanks|no thank you|wrong|that's wrong|not right|no that's wrong|no no|no no no|no wrong|"
    "no no thank you|nope no|no [unk]",
    "unclear": "|yes no|no yes|no that's right|not|thanks|thank you|please|that's|that's [unk] right|yes [unk] wrong|"
    "[unk]|maybe|seven|the|it",
}


@pytest.mark.parametrize(
    ("outcome", "said"), [(outcome, each) for outcome, row in ZH.items() for each in row.split("|")]
)
def test_chinese_yes_and_no(outcome: str, said: str) -> None:
    assert AGREEMENT.from_words(said, "zh", Context()).outcome == outcome


@pytest.mark.parametrize(
    ("outcome", "said"), [(outcome, each) for outcome, row in EN.items() for each in row.split("|")]
)
def test_english_yes_and_no(outcome: str, said: str) -> None:
    assert AGREEMENT.from_words(said, "en", Context()).outcome == outcome


def test_words_and_keys_of_one_meaning_are_one_answer() -> None:
    context = Context()
    assert AGREEMENT.from_keys("1", context) == AGREEMENT.from_words("是的", "zh", context)
    assert AGREEMENT.from_keys("1", context) == AGREEMENT.from_words("yes", "en", context)
    assert AGREEMENT.from_keys("2", context) == AGREEMENT.from_words("不是", "zh", context)
    assert AGREEMENT.from_keys("2", context) == AGREEMENT.from_words("no", "en", context)


@pytest.mark.parametrize("keys", ["", "0", "3", "11", "*"])
def test_other_keys_are_unclear(keys: str) -> None:
    assert AGREEMENT.from_keys(keys, Context()).outcome == "unclear"
