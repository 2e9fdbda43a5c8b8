"""The lint of what is said and heard: prompts exist in both languages, the model has every word (design.md, rule 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ivr.dialogue.flow import LADDERS, NO_WORDS, QUESTION, Ask, Finish, Flow, Record, Say, Step
from ivr.dialogue.house import House, Problem, near
from ivr.dialogue.prompts import Catalogue, base_key
from ivr.dialogue.steps import CLIP
from ivr.dialogue.understand import universal
from ivr.dialogue.understand.answer import Context, Slot, find
from ivr.dialogue.understand.menu import MENU_CHOICE
from ivr.dialogue.understand.slots import SLOTS, grammar
from ivr.records import LANGUAGES, Language

Place = tuple[str | int, ...]


def prompts_of(step: Step) -> Iterator[str]:
    """Every catalogue key that a step may say; what a caller recorded is no prompt."""
    yield from (key for key, _ in _said_by(step) if not key.startswith(CLIP))


def context_of(step: Ask, catalogue: Catalogue) -> Context:
    """The part of a slot's context that is the flow's own."""
    return Context(choices=step.choices, words=catalogue.choices, departments=catalogue.departments)


def check_prompts(house: House, flow: Flow, name: str) -> Iterator[Problem]:
    """The prompts of one step: each exists in both languages, and something sets its variables."""
    slots = house.slots()
    for key, place in dict(_said_by(flow.steps[name])).items():
        if key.startswith(CLIP):
            if key.removeprefix(CLIP) not in house.clips():
                message = (
                    f"nothing ever records “{key.removeprefix(CLIP)}”{near(key.removeprefix(CLIP), house.clips())}"
                )
                yield Problem(flow.where(name, *place), message)
            continue
        yield from missing_prompts(house, (key,), flow.where(name, *place))
        for prompt in (each for language in LANGUAGES for each in house.catalogue.variants(key, language)):
            for variable, _ in prompt.variables:
                if variable not in slots:
                    yield Problem(
                        prompt.where, f"prompt “{prompt.key}”: nothing ever sets “{variable}”{near(variable, slots)}"
                    )


def missing_prompts(house: House, keys: Iterable[str], where: str) -> Iterator[Problem]:
    for key in keys:
        for language in LANGUAGES:
            known = house.catalogue.prompts[language]
            if key not in known:
                yield Problem(where, f"prompt “{key}” is missing in {language}{near(key, known)}")


def _said_by(step: Step) -> Iterator[tuple[str, Place]]:
    """(key, where in the step it stands)."""
    match step:
        case Ask():
            yield from ((base_key(key), ("ask",)) for key in step.ask)
            if step.help:
                yield base_key(step.help), ("help",)
            for failure, setting in (*LADDERS.items(), (NO_WORDS, f"if_{NO_WORDS}")):
                for index, rung in enumerate(step.ladder.rungs[failure]):
                    yield from ((base_key(key), (setting, index)) for key in rung if key != QUESTION)
        case Record():
            yield from ((base_key(key), ("record",)) for key in step.record)
        case Say() | Finish():
            yield from ((base_key(key), ("say",)) for key in step.say)
        case _:
            pass


def check_choices(house: House, step: Ask) -> Iterator[tuple[Place, str]]:
    """The choices of a menu: words in both languages, and no word with two meanings."""
    for choice in step.choices:
        for language in LANGUAGES:
            words = house.catalogue.choices[language]
            if choice not in words:
                message = f"choice “{choice}” has no words in prompts/{language}/choices.yaml{near(choice, words)}"
                yield ("choices", choice), message


def check_meanings(house: House, step: Ask) -> Iterator[Problem]:
    """Words of a choice that mean something else as well."""
    context = context_of(step, house.catalogue)
    for language, choice, phrase in _choice_words(house, step):
        where = house.catalogue.choice_where(choice, language)
        said = find(phrase.lower(), universal.rows(language, context.words))
        if said:
            yield Problem(where, f"“{phrase}” means “{said}” at every question, so it can't mean “{choice}”")
        elif MENU_CHOICE.from_words(phrase.lower(), language, context).outcome != choice:
            yield Problem(where, f"“{phrase}” means another choice of the same question too, not only “{choice}”")


def _choice_words(house: House, step: Ask) -> Iterator[tuple[Language, str, str]]:
    for language in LANGUAGES:
        for choice in step.choices:
            for phrase in house.catalogue.choices[language].get(choice, ()):
                yield language, choice, phrase


def check_vocabulary(house: House, flow: Flow, name: str, step: Ask) -> Iterator[Problem]:
    """A word that the model lacks names flow, step and word; the line is that of the words where they are written."""
    owners = {(language, phrase): choice for language, choice, phrase in _choice_words(house, step)}
    everywhere = {(language, phrase) for language, _, phrase in _universal_words(house)}
    for language in LANGUAGES:
        for word, phrase in _unknown(house, step, SLOTS[step.listen_for], language):
            if (language, phrase) in everywhere:
                continue
            owner = owners.get((language, phrase))
            where = house.catalogue.choice_where(owner, language) if owner else flow.where(name, "listen_for")
            yield Problem(where, f"{flow.name}/{name}: {_lacking(house, language, word, phrase)}")


def check_universals(house: House) -> Iterator[Problem]:
    """The house's own words that are heard at every question; told once."""
    for language, name, phrase in _universal_words(house):
        for word in house.words.missing(phrase, language):
            where = house.catalogue.choice_where(name, language)
            yield Problem(where, f"at every question: {_lacking(house, language, word, phrase)}")


def _universal_words(house: House) -> Iterator[tuple[Language, str, str]]:
    for language in LANGUAGES:
        for name in universal.HOUSE:
            for phrase in house.catalogue.choices[language].get(name, ()):
                yield language, name, phrase


def _lacking(house: House, language: Language, word: str, phrase: str) -> str:
    words = house.words.nearest(word, language)
    hint = f"; the model has {', '.join(f'“{each}”' for each in words)}" if words else ""
    return f"the {language} model lacks “{word}” of “{phrase}”{hint}"


def _unknown(house: House, step: Ask, slot: Slot, language: Language) -> Iterator[tuple[str, str]]:
    phrases = grammar(slot, context_of(step, house.catalogue), language, known=False)[language]
    yield from {word: phrase for phrase in phrases for word in house.words.missing(phrase, language)}.items()
