"""Speech models, and what they make of what is played to them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from ivr import app, model_check
from ivr.bench.exam.ear import Ears
from ivr.bench.exam.exam import Examined, Lines, Sets, Tell, examine_model
from ivr.bench.exam.trials import Trial
from ivr.config import Settings
from ivr.demo import RECORDINGS
from ivr.errors import ModelError
from ivr.records import LANGUAGES, Language
from ivr.speech.models import languages_of, open_model
from ivr.speech.voice_cache import CachedVoice, VoiceCache

CALLERS = RECORDINGS / "callers"


def chosen(settings: Settings, model: str | None) -> dict[Language, Path]:
    """The models in use, or the one of that folder or name for the languages of its name; ModelError."""
    if model is None:
        return model_check.used(settings)
    known = {path.name: path for path in model_check.folders(settings)}
    path = known.get(model, Path(model))
    if not path.is_dir():
        raise ModelError(f"no model “{model}”: name a folder, or one of {', '.join(known)}")
    return dict.fromkeys(languages_of(path) or LANGUAGES, path)


@contextlib.contextmanager
def sets(settings: Settings, asked: Sets, *, own_voice: bool) -> Iterator[Sets]:
    """What is asked for; without any, the callers' recordings where they are, and the desk's own voice."""
    default = asked == Sets() and not own_voice
    recordings = CALLERS if default and CALLERS.is_dir() else asked.recordings
    if not (default or own_voice):
        yield asked
        return
    with app.voice(settings) as voice:
        kept = CachedVoice(voice, VoiceCache(settings.data / "callers"))
        yield Sets(recordings, asked.digits, asked.corpus, kept)


def measure(
    settings: Settings, models: dict[Language, Path], trials: tuple[Trial, ...], lines: Lines, tell: Tell
) -> Examined:
    """Examine these models on the trials in their languages; ModelError for one that cannot be opened."""
    opened = {path: open_model(path, settings.data / "models").path for path in dict.fromkeys(models.values())}
    ears = Ears({language: opened[path] for language, path in models.items()})
    own = [trial for trial in trials if trial.language in models]
    return examine_model(" and ".join(path.name for path in opened), ears, own, lines, tell)
