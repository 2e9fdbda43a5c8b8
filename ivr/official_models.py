"""Official models at this site: which there are, bringing one here, and taking one away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ivr.config import PREFIX, Settings
from ivr.errors import IvrError, ModelError
from ivr.records import LANGUAGES, Language
from ivr.speech import install
from ivr.speech.catalogue import LIST, Announced, OfficialModel, announced, check_zip, official, official_models
from ivr.speech.download import Watch, fetch, small_file
from ivr.speech.install import Free, free_bytes
from ivr.speech.models import BUNDLED, BUNDLED_NAME, find_model
from ivr.speech.unpack import top_folder


@dataclass(frozen=True)
class Offer:
    """A line of `ivr models list --official`."""

    model: OfficialModel
    installed: bool


@dataclass(frozen=True)
class Got:
    """What `ivr models get` did."""

    name: str
    path: Path
    already: bool
    """it was here before, nothing was done"""
    compared: bool
    """whether its zip was compared with a checksum"""
    used_for: tuple[Language, ...]


def offers(settings: Settings) -> tuple[Offer, ...]:
    """The catalogue, and what of it is in the site's folder."""
    return tuple(Offer(model, (settings.models / model.name).is_dir()) for model in official_models())


def get(  # noqa: PLR0913 - each is a choice of the user, or stands in for the machine in tests
    settings: Settings,
    name: str | None,
    *,
    file: Path | None = None,
    force: bool = False,
    watch: Watch = lambda _done, _total: None,
    free: Free = free_bytes,
) -> Got:
    """Install an official model from the network, or any model from the zip `file`.

    Raises IvrError for a name that there is not, or a model that the desk cannot use unless `force`; ModelError when
    it does not come, is not what was announced, or finds no room.
    """
    if file is not None:
        return _get_from(settings, file, name or top_folder(file), force=force, free=free)
    if name is None:
        raise IvrError("name a model, or a zip with --from: `ivr models list --official` shows the models")
    model = official(name)
    if not model.grammar and not force:
        raise IvrError(
            f"{name} has a fixed graph: no question can give it its own phrases, so the desk cannot use it; "
            "--force brings it all the same"
        )
    folder = settings.models
    with install.locked(folder):
        if (folder / name).exists():
            return _got(settings, name, already=True, compared=False)
        zip_ = _download(settings, model, watch, free)
        install.install(zip_, name, folder, any_graph=force, free=free)
        install.discard_part(folder, name)
    return _got(settings, name, already=False, compared=True)


def removable(settings: Settings, name: str) -> Path:
    """The folder that `remove` would remove; IvrError when there is none, or it must stay."""
    install.check_name(name)
    path = settings.models / name
    if path.resolve() == (BUNDLED / BUNDLED_NAME).resolve() and not path.is_symlink():
        raise IvrError(f"{name} comes with the program: it is what hears when there is no other, and stays")
    if path.is_dir() and not (path / "am").is_dir():
        raise IvrError(f"{path} is no speech model: only models are removed")
    for language in LANGUAGES:
        named = settings.model(language)
        if named is not None and named.resolve() == path.resolve():
            raise IvrError(f"{name} is in use: the setting {PREFIX}MODEL_{language.upper()} names it")
    if not path.is_dir() and not install.part_of(settings.models, name).exists():
        raise IvrError(f"no model “{name}” in {settings.models}: `ivr models list` shows what is here")
    return path


def remove(settings: Settings, name: str) -> None:
    """Remove a model, half a download of it, and its corrected copies; IvrError as `removable`, ModelError by disk."""
    path = removable(settings, name)
    with install.locked(settings.models):
        try:
            install.discard_part(settings.models, name)
            if path.is_dir():
                install.discard(path)
            install.discard_copies(settings.data / "models", name)
        except OSError as error:
            raise ModelError(f"cannot be removed: {error.strerror or error}", where=path) from error


def _get_from(settings: Settings, file: Path, name: str, *, force: bool, free: Free) -> Got:
    install.check_name(name)
    sums = {model.name: model for model in official_models() if model.sums}
    with install.locked(settings.models):
        if (settings.models / name).exists():
            return _got(settings, name, already=True, compared=False)
        if name in sums:
            check_zip(file, Announced(sums[name].size, sums[name].sums))
        install.install(file, name, settings.models, any_graph=force, free=free)
    return _got(settings, name, already=False, compared=name in sums)


def _download(settings: Settings, model: OfficialModel, watch: Watch, free: Free) -> Path:
    """The model's zip, whole and compared; what was wrong is thrown away."""
    folder, name = settings.models, model.name
    part = install.part_of(folder, name)
    expected = _expected(settings, model)
    there = part.stat().st_size if part.exists() else 0
    install.check_space(folder, expected.size * (1 + install.SWELL) - there, free)
    fetch(f"{settings.models_url}/{name}.zip", part, expected.size, watch)
    try:
        check_zip(part, expected)
    except ModelError as error:
        install.discard_part(folder, name)
        raise ModelError(f"{error}. It was thrown away: the same command tries again") from error
    return part


def _expected(settings: Settings, model: OfficialModel) -> Announced:
    if model.sums:
        return Announced(model.size, model.sums)
    address = f"{settings.models_url}/{LIST}"
    return announced(model.name, small_file(address), address)


def _got(settings: Settings, name: str, *, already: bool, compared: bool) -> Got:
    path = settings.models / name
    return Got(name, path, already, compared, tuple(each for each in LANGUAGES if _serves(settings, each, path)))


def _serves(settings: Settings, language: Language, path: Path) -> bool:
    try:
        return find_model(language, settings.model(language), settings.models).resolve() == path.resolve()
    except ModelError:
        # a setting may name another model that is brought next
        return False
