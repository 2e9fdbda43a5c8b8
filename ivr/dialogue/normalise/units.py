"""Units, measure words and money by language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ZH_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "℃": "摄氏度",
        "°F": "华氏度",
        "°": "度",
        "km/h": "公里每小时",
        "km": "公里",
        "m²": "平方米",
        "m2": "平方米",
        "㎡": "平方米",
        "cm": "厘米",
        "mm": "毫米",
        "m": "米",
        "kg": "公斤",
        "mg": "毫克",
        "g": "克",
        "ml": "毫升",
        "mL": "毫升",
        "L": "升",
        "l": "升",
        "kWh": "度",
        "GB": "G B",
        "Mbps": "兆",
        "min": "分钟",
        "h": "小时",
        "s": "秒",
    }
)
"""unit → its name; two is 二 before it"""

ZH_COUNTED = (
    *"个位间条张份瓶件杯次套人名块岁天周米克斤晚夜桌把辆遍门组台只双部顿封道盒碗大小",
    *("小时", "分钟", "个月", "公里", "公斤", "平方米", "平米", "星期", "美元", "欧元", "英镑", "港币", "万", "亿"),
)
"""measure words; two is 两 before them"""

ZH_ORDERED = (*"层楼号日月年折级度秒分期路栋座栏键", "年级", "毫升", "摄氏度", "厘米", "线", "站", "区", "环", "寸")
"""words with which things are numbered or measured; two is 二 before them"""

ZH_CURRENCIES: Mapping[str, str] = MappingProxyType(
    {
        "¥": "元",
        "￥": "元",
        "RMB": "元",
        "CNY": "元",
        "$": "美元",
        "US$": "美元",
        "USD": "美元",
        "HK$": "港币",
        "HKD": "港币",
        "€": "欧元",
        "EUR": "欧元",
        "£": "英镑",
        "GBP": "英镑",
    }
)

EN_UNITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "°C": ("degree Celsius", "degrees Celsius"),
        "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
        "°": ("degree", "degrees"),
        "km/h": ("kilometre per hour", "kilometres per hour"),
        "km": ("kilometre", "kilometres"),
        "sq m": ("square metre", "square metres"),
        "sqm": ("square metre", "square metres"),
        "m2": ("square metre", "square metres"),
        "cm": ("centimetre", "centimetres"),
        "mm": ("millimetre", "millimetres"),
        "m": ("metre", "metres"),
        "kg": ("kilogram", "kilograms"),
        "mg": ("milligram", "milligrams"),
        "g": ("gram", "grams"),
        "ml": ("millilitre", "millilitres"),
        "mL": ("millilitre", "millilitres"),
        "l": ("litre", "litres"),
        "L": ("litre", "litres"),
        "kWh": ("kilowatt hour", "kilowatt hours"),
        "GB": ("gigabyte", "gigabytes"),
        "MB": ("megabyte", "megabytes"),
        "Mbps": ("megabit per second", "megabits per second"),
        "hrs": ("hour", "hours"),
        "hr": ("hour", "hours"),
        "h": ("hour", "hours"),
        "mins": ("minute", "minutes"),
        "min": ("minute", "minutes"),
        "sec": ("second", "seconds"),
        "s": ("second", "seconds"),
    }
)
"""unit → its name for one, for more"""

EN_COUNTED = (
    "adults",
    "bags",
    "beds",
    "bottles",
    "calls",
    "centimetres",
    "children",
    "cups",
    "days",
    "degrees",
    "dollars",
    "euros",
    "floors",
    "grams",
    "guests",
    "hours",
    "kilograms",
    "kilometres",
    "litres",
    "metres",
    "miles",
    "millilitres",
    "minutes",
    "months",
    "nights",
    "people",
    "percent",
    "per cent",
    "persons",
    "points",
    "pounds",
    "rooms",
    "seats",
    "seconds",
    "square metres",
    "steps",
    "times",
    "weeks",
    "years",
    "yuan",
)
"""words that say how many of what: a long number before them is counted, not spelt"""

EN_CURRENCIES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "¥": ("yuan", "yuan", ""),
        "RMB": ("yuan", "yuan", ""),
        "CNY": ("yuan", "yuan", ""),
        "$": ("dollar", "dollars", "cents"),
        "US$": ("US dollar", "US dollars", "cents"),
        "USD": ("US dollar", "US dollars", "cents"),
        "HK$": ("Hong Kong dollar", "Hong Kong dollars", "cents"),
        "HKD": ("Hong Kong dollar", "Hong Kong dollars", "cents"),
        "€": ("euro", "euros", "cents"),
        "EUR": ("euro", "euros", "cents"),
        "£": ("pound", "pounds", "pence"),
        "GBP": ("pound", "pounds", "pence"),
    }
)
"""sign → one, more, hundredths; without hundredths the places are read after the point"""
