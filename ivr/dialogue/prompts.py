"""The prompt catalogue: every word that we say, by language and key; variables are typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ivr.dialogue.document import Document, load
from ivr.dialogue.profile import DEFAULT_PROFILE
from ivr.dialogue.spoken_values import SPEAKERS, speak
from ivr.errors import FlowError
from ivr.records import LANGUAGES, Language

_VARIABLE = re.compile(r"\{([a-z_]+):([a-z_]+)\}")
_BRACES = re.compile(r"[{}]")
_OTHER = "@other"

DEPARTMENT = "department"
"""type of a variable that is said by the house's own name for it, the first in departments.yaml"""

OTHERS = "others"
"""words for the profiles that have none of their own"""


def base_key(key: str) -> str:
    """The catalogue's key; `reception.this_language@other` is said in the language that is not being spoken (S3)."""
    return key.removesuffix(_OTHER)


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

    def prompt(self, key: str, language: Language) -> Prompt:
        try:
            return self.prompts[language][key]
        except KeyError:
            raise FlowError(f"prompt “{key}” is missing in {language}") from None

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
        # blanks in Chinese are for the recogniser
        return names[0].replace(" ", "") if language == "zh" else f"the {names[0].removeprefix('the ')}"


def read_catalogue(folder: Path, profile: str = DEFAULT_PROFILE) -> Catalogue:
    """Read the prompts that a profile says, as `read_prompts`; also FlowError for variables that differ by language."""
    catalogue = read_prompts(folder, profile)
    for where, message in other_variables(catalogue):
        raise FlowError(message, where=where)
    return catalogue


def read_prompts(folder: Path, profile: str = DEFAULT_PROFILE) -> Catalogue:
    """Read `<folder>/<language>/*.yaml`; the file's name is the first half of a key, `choices.yaml` holds menu words,
    `departments.yaml` the names of departments.

    Where a key has words by profile, those of `profile` are taken, or the `others`.

    Raises FlowError with file:line for a bad file or an unknown type.
    """
    prompts: dict[Language, Mapping[str, Prompt]] = {}
    choices: dict[Language, Mapping[str, tuple[str, ...]]] = {}
    lines: dict[Language, Mapping[str, str]] = {}
    departments: dict[Language, Mapping[str, tuple[str, ...]]] = {}
    for language in LANGUAGES:
        paths = sorted((folder / language).glob("*.yaml"))
        if not paths:
            raise FlowError("no prompts here: expected files such as common.yaml", where=folder / language)
        found: dict[str, Prompt] = {}
        for path in paths:
            if path.stem == "choices":
                choices[language], lines[language] = _read_choices(path)
            elif path.stem == "departments":
                departments[language], _ = _read_choices(path)
            else:
                found.update((prompt.key, prompt) for prompt in _read_prompts(path, profile))
        prompts[language] = MappingProxyType(found)
        choices.setdefault(language, MappingProxyType({}))
    return Catalogue(MappingProxyType(prompts), MappingProxyType(choices), MappingProxyType(lines), departments)


def other_variables(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(file:line, message) of each prompt whose variables are not those of the first language."""
    first, *others = LANGUAGES
    for language in others:
        for key, prompt in catalogue.prompts[language].items():
            twin = catalogue.prompts[first].get(key)
            if twin is not None and set(twin.variables) != set(prompt.variables):
                yield prompt.where, f"“{key}” has other variables than in {first} ({twin.where})"


def untranslated(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(file:line, message) of each prompt, and each choice, that another language lacks."""
    for language, prompts in catalogue.prompts.items():
        for other in LANGUAGES:
            for key, prompt in prompts.items():
                if key not in catalogue.prompts[other]:
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
    return [_read_prompt(document, name, profile) for name in document.data]


def _read_prompt(document: Document, name: str, profile: str) -> Prompt:
    words, where = document.data[name], document.where(name)
    variants: tuple[tuple[str, str], ...] = ()
    if isinstance(words, dict):
        variants = tuple((each, document.where(name, each)) for each in words if each != OTHERS)
        chosen = profile if profile in words else OTHERS
        words, where = words.get(chosen), document.where(name, chosen)
        if words is None:
            raise FlowError(f"“{name}” has no words for the profile “{profile}”, nor `{OTHERS}`", where=where)
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


def _read_choices(path: Path) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, str]]:
    """(the words of each choice, the file:line of each choice)."""
    document = load(path)
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
