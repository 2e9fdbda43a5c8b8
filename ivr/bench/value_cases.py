"""What the value benchmark says: seeded values of every kind, in the words that the house itself says them in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from types import MappingProxyType

from ivr.dialogue.check import context_of
from ivr.dialogue.flow import Ask, FlowBook
from ivr.dialogue.normalise import speakable
from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.spoken_values import speak
from ivr.dialogue.understand.agreement_words import PHRASES
from ivr.dialogue.understand.answer import Answer, Context, Slot
from ivr.dialogue.understand.day_words import rows
from ivr.dialogue.understand.duration import value as duration
from ivr.dialogue.understand.halves import HALVES
from ivr.dialogue.understand.person import SURNAMES, TITLES
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import Language

ENOUGH = 200
"""draws without a new value after which a kind is taken to have no more"""

SAVED = "06:30"
"""the time that a half of the day completes"""

AREA_CODES = ("010", "020", "021", "022", "023", "024", "025", "027", "028", "029", "0512", "0571", "0755", "0898")


@dataclass(frozen=True)
class ValueCase:
    """One value, what is said of it, and the answer that it must come back as."""

    kind: str
    language: Language
    text: str
    """as the voice gets it: no figure left"""
    slot: Slot
    context: Context
    meant: Answer


@dataclass(frozen=True)
class House:
    """The flows and words whose questions are asked."""

    flows: FlowBook
    catalogue: Catalogue
    room_lengths: tuple[int, ...]

    def context(self) -> Context:
        """Of a question that is no menu."""
        return Context(departments=self.catalogue.departments, room_lengths=self.room_lengths)


Draw = Callable[[Random, Language, House], ValueCase | None]
"""a value by chance; None where the drawn one is no value"""


def _typed(kind: str, slot: str, spoken_as: str, value: Callable[[Random, Language, House], str]) -> Draw:
    """A value that a prompt's variable of the type `spoken_as` says."""

    def draw(chance: Random, language: Language, house: House) -> ValueCase:
        drawn = value(chance, language, house)
        text = speakable(speak(spoken_as, drawn, language), language)
        return ValueCase(kind, language, text, SLOTS[slot], house.context(), Answer("understood", drawn))

    return draw


def _clock(chance: Random, _language: Language, _house: House) -> str:
    """Half of them at multiples of five minutes, as most wake-up calls are."""
    minute = chance.randrange(0, 60, 5) if chance.random() < 0.5 else chance.randrange(60)
    return f"{chance.randrange(24):02d}:{minute:02d}"


def _room(chance: Random, _language: Language, house: House) -> str:
    return str(chance.randrange(10 ** ((length := chance.choice(house.room_lengths)) - 1), 10**length))


def _digits(chance: Random, _language: Language, _house: House) -> str:
    """A code of four to eight digits."""
    return _row(chance, chance.randrange(4, 9))


def _phone(chance: Random, _language: Language, _house: House) -> str:
    """A mobile, an area code with a number, a number of the town, a service number: mobiles half of them."""
    mobile = f"1{chance.choice('3456789')}{_row(chance, 9)}"
    area = f"{chance.choice(AREA_CODES)}{chance.choice('23456789')}{_row(chance, 7)}"
    town = f"{chance.choice('23456789')}{_row(chance, 7)}"
    return chance.choice((mobile, mobile, mobile, area, town, f"400{_row(chance, 7)}"))


def _row(chance: Random, length: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(length))


def _duration(chance: Random, _language: Language, _house: House) -> str:
    """Minutes, hours with or without fives of minutes, days."""
    hours = 60 * chance.randrange(1, 13)
    found = (chance.randrange(1, 60), hours, hours + chance.randrange(5, 60, 5), 1440 * chance.randrange(1, 15))
    return duration(chance.choice(found))


def _day(chance: Random, language: Language, _house: House) -> str:
    """A named day, a day of the week, of the month, of the year: as often as each other."""
    kinds: dict[str, list[str]] = {}
    for _, value in rows(language):
        kinds.setdefault(_sort_of_day(value), []).append(value)
    return chance.choice(sorted(set(kinds[chance.choice(sorted(kinds))])))


def _sort_of_day(value: str) -> str:
    return (
        value[:3]
        if value.startswith("---")
        else "--"
        if value.startswith("--")
        else "day"
        if value.endswith("day")
        else ""
    )


def _name(chance: Random, language: Language, _house: House) -> str:
    return f"{chance.choice(sorted(TITLES[language]))} {chance.choice(SURNAMES[language])}"


def _day_and_time(chance: Random, language: Language, house: House) -> ValueCase:
    """Tomorrow at seven in the morning: one breath, two values."""
    day, time = _day(chance, language, house), _clock(chance, language, house)
    joint = "" if language == "zh" else " at "
    text = speakable(joint.join((speak("day", day, language), speak("clock", time, language))), language)
    meant = SLOTS["clock_time"].from_words(written(text), language, house.context())
    return ValueCase("day and time", language, text, SLOTS["clock_time"], house.context(), meant)


def _agreement(chance: Random, language: Language, house: House) -> ValueCase:
    outcome = chance.choice(sorted(PHRASES[language]))
    phrase = chance.choice(PHRASES[language][outcome])
    return ValueCase("yes or no", language, phrase, SLOTS["agreement"], house.context(), Answer(outcome))


def _half(chance: Random, language: Language, house: House) -> ValueCase | None:
    slot, context = SLOTS["half_of_day"], replace(house.context(), saved=SAVED)
    phrase = chance.choice([each for phrases in HALVES[language].values() for each in phrases])
    meant = slot.from_words(phrase, language, context)
    # nobody says half past six at noon
    return ValueCase("half of day", language, phrase, slot, context, meant) if meant.value else None


def _department(chance: Random, language: Language, house: House) -> ValueCase:
    name = chance.choice(sorted(house.catalogue.departments[language]))
    phrase = chance.choice(house.catalogue.departments[language][name])
    return ValueCase("department", language, phrase, SLOTS["department"], house.context(), Answer("understood", name))


def _menu(chance: Random, language: Language, house: House) -> ValueCase:
    """A choice of any menu of the flows, at its own question."""
    steps = [step for flow in house.flows.values() for step in flow.steps.values()]
    menus = [step for step in steps if isinstance(step, Ask) and step.listen_for == "menu_choice"]
    menu = chance.choice(menus)
    choice = chance.choice(sorted(menu.choices))
    phrase = chance.choice(house.catalogue.choices[language][choice])
    context = context_of(menu, house.catalogue)
    return ValueCase("menu choice", language, phrase, SLOTS["menu_choice"], context, Answer(choice, choice))


DRAWS: Mapping[str, Draw] = MappingProxyType(
    {
        "yes or no": _agreement,
        "menu choice": _menu,
        "half of day": _half,
        "department": _department,
        "name": _typed("name", "surname", "name", _name),
        "room": _typed("room", "room_number", "room", _room),
        "digits": _typed("digits", "digits", "digits", _digits),
        "phone": _typed("phone", "phone_number", "phone", _phone),
        "clock time": _typed("clock time", "clock_time", "clock", _clock),
        "day": _typed("day", "date", "day", _day),
        "day and time": _day_and_time,
        "duration": _typed("duration", "duration", "duration", _duration),
    }
)
"""kind → how one is drawn"""


def cases(house: House, language: Language, per_kind: int, seed: int) -> Iterator[ValueCase]:
    """Up to `per_kind` different values of every kind; closed lists (half of day) have fewer, and give all of them."""
    for kind, draw in DRAWS.items():
        chance = Random(f"{seed}/{language}/{kind}")  # noqa: S311 - chosen, not kept secret
        found: dict[tuple[str, tuple[str, ...]], ValueCase] = {}
        vain = 0
        while len(found) < per_kind and vain < ENOUGH:
            case = draw(chance, language, house)
            vain += 1
            if case is not None and (case.text, tuple(case.context.choices)) not in found:
                found[case.text, tuple(case.context.choices)] = case
                vain = 0
        yield from found.values()


def written(text: str) -> str:
    """What is said, as a recogniser writes it: small letters, no signs."""
    return " ".join(re.sub(r"[^\w'+]+", " ", text.lower()).split())
