"""The prompt catalogue: every word that we say, by language and key; variables are typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from ivr.dialogue.document import Document, load
from ivr.dialogue.profile import DEFAULT_PROFILE
from ivr.dialogue.spoken_values import SPEAKERS, speak
from ivr.errors import FlowError
from ivr.overlay import Folders, layered, layers, shown
from ivr.records import LANGUAGES, PARTS, Language, Part

_VARIABLE = re.compile(r"\{([a-z_]+):([a-z_]+)\}")
_BRACES = re.compile(r"[{}]")
_OTHER = "@other"

DEPARTMENT = "department"
"""type of a variable that is said by the house's own name for it in departments.yaml"""

OTHERS = "others"
"""words for the profiles, or the parts of the day, that have none of their own"""


def base_key(key: str) -> str:
    """The key that flows name.

    `reception.this_language@other` is said in the language that is not being spoken (S3), `reception.greeting@night`
    holds the words of `reception.greeting` for a part of the day (K6).
    """
    return key.partition("@")[0]


def said_in(key: str, language: Language) -> Language:
    """The language in which a flow wants `key` said."""
    return next(each for each in LANGUAGES if each != language) if key.endswith(_OTHER) else language


@dataclass(frozen=True)
class Prompt:
    """One entry of the catalogue."""

    key: str
    text: str
    variables: tuple[tuple[str, str], ...]
    """(slot, type), in order of appearance"""
    where: str
    """file:line"""
    variants: tuple[tuple[str, str], ...] = ()
    """(profile that has words of its own here, file:line)"""

    @property
    def fixed(self) -> bool:
        """Whether a recording can stand for it."""
        return not self.variables


@dataclass(frozen=True)
class Catalogue:
    """All prompts and all choices' words of the house, in both languages."""

    prompts: Mapping[Language, Mapping[str, Prompt]]
    choices: Mapping[Language, Mapping[str, tuple[str, ...]]]
    """menu choice → the words that mean it, first the plain one"""
    choice_lines: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    """menu choice → file:line of its words"""
    departments: Mapping[Language, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """department or outlet of the house → its names"""
    said_departments: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    """department → what we call it in a sentence, where that is not its first name (with “the” in English)"""

    def prompt(self, key: str, language: Language) -> Prompt:
        try:
            return self.prompts[language][key]
        except KeyError:
            raise FlowError(f"prompt “{key}” is missing in {language}") from None

    def prompt_at(self, key: str, language: Language, part: Part) -> Prompt:
        """The words of a key in a part of the day; FlowError when there is no such key."""
        return self.prompts[language].get(f"{key}@{part}") or self.prompt(key, language)

    def variants(self, key: str, language: Language) -> tuple[Prompt, ...]:
        """All words of a key: its own, and those for parts of the day."""
        prompts = self.prompts[language]
        return tuple(prompts[each] for each in (key, *(f"{key}@{part}" for part in PARTS)) if each in prompts)

    def choice_where(self, choice: str, language: Language) -> str:
        """`file:line` of a choice's words, so far as it is known."""
        return self.choice_lines.get(language, {}).get(choice, f"prompts/{language}/choices.yaml")

    def text(self, prompt: Prompt, language: Language, values: Mapping[str, str]) -> str:
        """The words of a prompt, its variables spelt out the way they are spoken."""

        def spoken(match: re.Match[str]) -> str:
            slot, kind = match.groups()
            if slot not in values:
                raise FlowError(f"prompt “{prompt.key}” wants {{{slot}}}, which nothing has set", where=prompt.where)
            if kind == DEPARTMENT:
                return self._named(values[slot], language)
            return speak(kind, values[slot], language)

        return _VARIABLE.sub(spoken, prompt.text)

    def _named(self, department: str, language: Language) -> str:
        names = self.departments.get(language, {}).get(department)
        if names is None:
            raise FlowError(f"no department “{department}” in prompts/{language}/departments.yaml")
        if said := self.said_departments.get(language, {}).get(department):
            return said
        # blanks in Chinese are for the recogniser
        return names[0].replace(" ", "") if language == "zh" else f"the {names[0].removeprefix('the ')}"


def read_catalogue(folders: Folders, profile: str = DEFAULT_PROFILE) -> Catalogue:
    """Read the prompts that a profile says, as `read_prompts`; also FlowError for variables that differ by language."""
    catalogue = read_prompts(folders, profile)
    for where, message in other_variables(catalogue):
        raise FlowError(message, where=where)
    return catalogue


def read_prompts(folders: Folders, profile: str = DEFAULT_PROFILE) -> Catalogue:
    """Read `<folder>/<language>/*.yaml`; the file's name is the first half of a key, `choices.yaml` holds menu words,
    `departments.yaml` the names of departments.

    Where a key has words by profile, those of `profile` are taken, or the `others`. Of folders over one another a later
    one replaces single keys, choices and departments; the rest stays.

    Raises FlowError with file:line for a bad file or an unknown type.
    """
    prompts: dict[Language, Mapping[str, Prompt]] = {}
    choices: dict[Language, Mapping[str, tuple[str, ...]]] = {}
    lines: dict[Language, Mapping[str, str]] = {}
    departments: dict[Language, Mapping[str, tuple[str, ...]]] = {}
    said: dict[Language, Mapping[str, str]] = {}
    for language in LANGUAGES:
        if not layered(tuple(folder / language for folder in layers(folders)), "*.yaml"):
            where = shown(tuple(folder / language for folder in layers(folders)))
            raise FlowError("no prompts here: expected files such as common.yaml", where=where)
        found: dict[str, Prompt] = {}
        for path in (path for folder in layers(folders) for path in sorted((folder / language).glob("*.yaml"))):
            if path.stem == "choices":
                words, places = _read_choices(path)
                choices[language] = MappingProxyType({**choices.get(language, {}), **words})
                lines[language] = MappingProxyType({**lines.get(language, {}), **places})
            elif path.stem == "departments":
                names, called = _read_departments(path)
                departments[language] = MappingProxyType({**departments.get(language, {}), **names})
                kept = {name: words for name, words in said.get(language, {}).items() if name not in names}
                said[language] = MappingProxyType({**kept, **called})
            else:
                read = {prompt.key: prompt for prompt in _read_prompts(path, profile)}
                # a site's words for a key stand for all parts of the day, unless it tells them apart itself
                replaced = {base_key(key) for key in read}
                found = {key: prompt for key, prompt in found.items() if base_key(key) not in replaced} | read
        prompts[language] = MappingProxyType(found)
        choices.setdefault(language, MappingProxyType({}))
    return Catalogue(MappingProxyType(prompts), MappingProxyType(choices), MappingProxyType(lines), departments, said)


def other_variables(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(file:line, message) of each prompt whose variables are not those of the first language."""
    first, *others = LANGUAGES
    for language in others:
        for key, prompt in catalogue.prompts[language].items():
            twin = catalogue.prompts[first].get(key) if "@" not in key else None
            # a site may say in one language, in its own words, what the program says in the other
            if twin is None or _layer(twin) != _layer(prompt):
                continue
            if set(twin.variables) != set(prompt.variables):
                yield prompt.where, f"“{key}” has other variables than in {first} ({twin.where})"


def _layer(prompt: Prompt) -> Path:
    """The prompts' folder that it is from."""
    return Path(prompt.where).parent.parent


def untranslated(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(file:line, message) of each prompt, and each choice, that another language lacks."""
    for language, prompts in catalogue.prompts.items():
        for other in LANGUAGES:
            for key, prompt in prompts.items():
                # words for a part of the day may be those of every part in the other language
                if base_key(key) not in catalogue.prompts[other]:
                    yield prompt.where, f"prompt “{key}” is missing in {other}"
            for choice in catalogue.choices[language]:
                if choice not in catalogue.choices[other]:
                    yield catalogue.choice_where(choice, language), f"choice “{choice}” has no words in {other}"
            for name in catalogue.departments.get(language, {}):
                if name not in catalogue.departments.get(other, {}):
                    where = f"prompts/{language}/departments.yaml"
                    yield where, f"department “{name}” has no names in {other}"


def _read_prompts(path: Path, profile: str) -> list[Prompt]:
    document = load(path)
    if not isinstance(document.data, dict):
        raise FlowError("expected a list of `key: words`", where=document.where())
    return [prompt for name in document.data for prompt in _variants(document, name, profile)]


def _variants(document: Document, name: str, profile: str) -> Iterator[Prompt]:
    """The words of one key in a profile, and those that it has for parts of the day."""
    words = document.data[name]
    place: tuple[str, ...] = (name,)
    variants: tuple[tuple[str, str], ...] = ()
    if isinstance(words, dict) and not _by_part(words):
        variants = tuple((each, document.where(name, each)) for each in words if each != OTHERS)
        chosen = profile if profile in words else OTHERS
        words, place = words.get(chosen), (name, chosen)
        if words is None:
            where = document.where(*place)
            raise FlowError(f"“{name}” has no words for the profile “{profile}”, nor `{OTHERS}`", where=where)
    if not isinstance(words, dict):
        yield _read_prompt(document, name, words, place, variants)
        return
    if OTHERS not in words:
        raise FlowError(f"“{name}” needs words for the `{OTHERS}`, too", where=document.where(*place))
    yield _read_prompt(document, name, words[OTHERS], (*place, OTHERS), variants)
    for part in words:
        if part not in {OTHERS, *PARTS}:
            message = f"“{name}”: “{part}” is no part of the day; there is {', '.join(PARTS)} and {OTHERS}"
            raise FlowError(message, where=document.where(*place, part))
        if part != OTHERS:
            yield _read_prompt(document, f"{name}@{part}", words[part], (*place, part), ())


def _by_part(words: Mapping[str, object]) -> bool:
    """Whether these are words by part of the day, not by profile."""
    return any(part in words for part in PARTS)


def _read_prompt(
    document: Document, name: str, words: object, place: tuple[str, ...], variants: tuple[tuple[str, str], ...]
) -> Prompt:
    where = document.where(*place)
    if not isinstance(words, str) or not words.strip():
        raise FlowError(f"“{name}” needs words", where=where)
    variables = tuple(_VARIABLE.findall(words))
    if _BRACES.search(_VARIABLE.sub("", words)):
        raise FlowError(f"“{name}”: a variable is written {{slot:type}}, for example {{room:room}}", where=where)
    for _, kind in variables:
        if kind not in {*SPEAKERS, DEPARTMENT}:
            known = ", ".join(sorted({*SPEAKERS, DEPARTMENT}))
            raise FlowError(f"“{name}”: no type “{kind}”; there is {known}", where=where)
    return Prompt(f"{document.path.stem}.{name}", " ".join(words.split()), variables, where, variants)


def _read_departments(path: Path) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    """(the names of each department, what we call those that have `say`)."""
    document = load(path)
    entries = document.data if isinstance(document.data, dict) else {}
    spoken = {name: entry for name, entry in entries.items() if isinstance(entry, dict)}
    for name, entry in spoken.items():
        if set(entry) != {"say", "names"} or not isinstance(entry["say"], str) or not entry["say"].strip():
            message = f"“{name}” needs a list of its names, or {{ say: the words for it, names: [its names] }}"
            raise FlowError(message, where=document.where(name))
    listed = {**entries, **{name: entry["names"] for name, entry in spoken.items()}}
    said = {name: entry["say"] for name, entry in spoken.items()}
    return _words_of(replace(document, data=listed))[0], MappingProxyType(said)


def _read_choices(path: Path) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    return _words_of(load(path))


def _words_of(document: Document) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    """(the words of each choice, the file:line of each choice)."""
    found: dict[str, tuple[str, ...]] = {}
    for name, words in document.data.items() if isinstance(document.data, dict) else ():
        if (
            not isinstance(words, list)
            or not words
            or not all(isinstance(word, str) and word.strip() for word in words)
        ):
            raise FlowError(f"“{name}” needs a list of the words that mean it", where=document.where(name))
        found[name] = tuple(words)
    if not found:
        raise FlowError("expected `choice: [words, …]`", where=document.where())
    return MappingProxyType(found), MappingProxyType({name: document.where(name) for name in found})
