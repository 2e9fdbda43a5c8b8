"""Signs and punctuation, once no figure is left: what has a name is named, what is a pause stays or becomes one."""

from __future__ import annotations

import re
from collections.abc import Callable

Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match], str] | str]

HAN = r"[\u3400-\u9fff]"

ZH_SIGNS: tuple[Rule, ...] = (
    (re.compile(r"#号?键?(?=$|[^\w])|#号?(?=键)|#号?"), lambda match: "井号键" if match[0].endswith("键") else "井号"),
    (re.compile(r"\*号?"), "星号"),
    (re.compile(r"\s*\+\s*"), "加"),
    (re.compile(r"\s*=\s*"), "等于"),
    (re.compile(r"\s*&\s*"), "和"),
    (re.compile(r"\s*×\s*"), "乘"),
    (re.compile(rf"(?<={HAN})\s*[/／|]\s*(?={HAN})"), "、"),
    (re.compile(rf"(?<={HAN})\s*[~∼〜]\s*(?={HAN})"), "到"),
    (re.compile(r"\s*[(（]\s*|\s*[)）](?=[^，。；：？！、,.;:?!\s])"), "，"),
    (re.compile(r"\s*[)）]"), ""),
    (re.compile(rf"(?<={HAN})\s*,\s*|,(?={HAN})"), "，"),
    (re.compile(rf"(?<={HAN})\s*[.](?=\s|$|{HAN})"), "。"),
    (re.compile(rf"(?<={HAN})\s*([;:?!])\s*"), lambda match: "；：？！"[";:?!".index(match[1])]),
    (re.compile(r"^[，、\s]+|[，、]+(?=[，。；：？！、])"), ""),
)
"""an ASCII comma between Chinese characters gives no pause (facts/speech.md)"""

EN_SIGNS: tuple[Rule, ...] = (
    (re.compile(r"\s*#\s*"), " hash "),
    (re.compile(r"\s*\*\s*"), " star "),
    (re.compile(r"\s*&\s*"), " and "),
    (re.compile(r"\s*×\s*"), " times "),
    (re.compile(r"\s*@\s*"), " at "),
    (re.compile(r"\s*\+\s*"), " plus "),
    (re.compile(r"\s*=\s*"), " equals "),
    (re.compile(r"\s+(?=[,.;:?!])"), ""),
)
