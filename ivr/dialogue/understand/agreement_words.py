"""The words of yes and no: what is listened for and what is understood come from these tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ivr.dialogue.understand.answer import frozen
from ivr.records import Language

AGREED = "agreed"
REFUSED = "refused"

PHRASES = frozen(
    {
        "zh": {
            AGREED: (
                *("是", "是的", "对", "对的", "对对", "好", "好的", "可以", "没错", "没问题", "是的没错", "对没错"),
                *(
                    "对对对",
                    "对啊",
                    "对呀",
                    "是啊",
                    "是呀",
                    "是的呢",
                    "是这样",
                    "是这样的",
                    "好吧",
                    "好啊",
                    "好嘞",
                    "好好",
                ),
                *(
                    "可以的",
                    "可以啊",
                    "行",
                    "行吧",
                    "行啊",
                    "行的",
                    "同意",
                    "当然",
                    "当然可以",
                    "没有错",
                    "正确",
                    "确定",
                ),
                *("确认", "要", "要的", "需要", "嗯嗯", "嗯对", "嗯是的", "嗯好的", "应该是的", "应该是", "应该对"),
            ),
            REFUSED: (
                *("不", "不是", "不是的", "不对", "不要", "不用", "不用了", "没有", "没有了", "不行", "错了", "不需要"),
                *(
                    "不不",
                    "不不不",
                    "不对不对",
                    "不要了",
                    "不需要了",
                    "不必了",
                    "不了",
                    "不用了谢谢",
                    "不可以",
                    "不同意",
                ),
                *("不太对", "不成", "弄错了", "不是这样的", "那不对", "不用麻烦了"),
                *(
                    "不正确",
                    "不想",
                    "不想要",
                    "不是这个",
                    "没有没有",
                    "没了",
                    "错误",
                    "暂时不用",
                    "先不要",
                    "算了",
                    "嗯不是",
                ),
            ),
        },
        "en": {
            AGREED: (
                *("yes", "yeah", "yep", "yes please", "yes it is", "correct", "that's right", "right", "okay"),
                *("yes that's right", "yup", "sure", "of course", "certainly", "absolutely", "definitely", "exactly"),
                *("indeed", "that's correct", "yes that's correct", "that is right", "that is correct", "it is"),
                *(
                    "that's fine",
                    "yeah that's fine",
                    "fine",
                    "perfect",
                    "very good",
                    "all right",
                    "please do",
                    "yes i do",
                ),
                *("sounds good", "quite right", "go ahead", "yes go ahead"),
                *("i think so", "affirmative", "agreed", "confirmed", "yes of course", "that's good", "ok"),
            ),
            REFUSED: (
                *("no", "nope", "no thanks", "no thank you", "wrong", "that's wrong", "not right", "no that's wrong"),
                *("nah", "not really", "no not really", "that's not right", "that's not correct", "not correct"),
                *("incorrect", "that's incorrect", "it isn't", "no it isn't", "no it is not", "negative", "not at all"),
                *("i don't think so", "not now", "nothing else", "no nothing else", "no that's all", "no i don't"),
                *("not quite", "not exactly", "that is wrong", "no way", "no need", "there is no need"),
                *("absolutely not", "of course not", "never"),
            ),
        },
    }
)

POLITE: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": ("谢谢", "谢谢您", "谢谢你", "多谢", "麻烦您", "麻烦", "您好", "吧", "啊", "呀", "呢", "哈", "嘛"),
        "en": ("please", "thanks", "thank you", "sir", "madam", "very much"),
    }
)
"""said around a yes or no without changing it"""

CHANGED: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": ("哦不", "啊不", "等等", "等一下", "我说错了", "说错了"),
        "en": ("wait", "no wait", "oh no", "sorry", "no sorry", "i mean", "actually", "oh wait", "hold on"),
    }
)
"""what takes a yes or no back; another one follows"""
