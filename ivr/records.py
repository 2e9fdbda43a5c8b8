"""The plain frozen dataclasses that floors share: what was heard, what was said, what is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

Part = Literal["open", "lunch", "night", "holiday"]
PARTS: tuple[Part, ...] = ("open", "lunch", "night", "holiday")
"""parts of a house's day by its calendar: people are there; a break; after hours; nobody comes today (K6)"""


class HearingKind(StrEnum):
    """What the line gave us after a prompt: decided from the signal, not by the recogniser's luck (design rule 2)."""

    SPEECH = "speech"
    KEYS = "keys"
    SILENT = "silent"
    UNANSWERED = "unanswered"
    TOO_QUIET = "too_quiet"
    NOISY = "noisy"
    CHOPPY = "choppy"
    TONE = "tone"
    HUNG_UP = "hung_up"


@dataclass(frozen=True)
class Heard:
    """Words that one recogniser made of an utterance."""

    language: Language
    text: str
    """words separated by blanks, `[unk]` stripped at both ends; empty when nothing of the grammar was heard"""
    confidence: float
    """Vosk's mean word confidence; proves nothing, kept for the record (design.md, rule 5)"""


@dataclass(frozen=True)
class Hearing:
    """The outcome of listening once. Sample positions count from the start of the call."""

    kind: HearingKind
    heard: tuple[Heard, ...] = ()
    """one entry for each recogniser that listened, the caller's own language first"""
    keys: str = ""
    level_dbfs: float | None = None
    """active speech level, ITU-T P.56; None without voice"""
    snr_db: float | None = None
    """that level over the noise floor; None without voice"""
    line: str = ""
    """kind of line that was measured, also where words were heard: normal, too_quiet, noisy …; empty after keys"""
    tone: str = ""
    """kind of tone: fax_cng, busy …; empty without one"""
    gap_share: float = 0.0
    """share of the voice that was missing: lost packets"""
    voice_start: int | None = None
    voice_end: int | None = None
    decided: int = 0
    """sample at which the outcome was known, thinking time included"""


@dataclass(frozen=True)
class Call:
    """One telephone call (K1)."""

    id: str
    channel: str
    line: str
    """what was called: an extension, a trunk, or the name of a scenario or file"""
    started: datetime
    """aware, UTC"""
    ended: datetime | None = None
    seconds: float = 0.0
    """length in audio time"""
    language: Language | None = None
    outcome: str = "open"
    """open, finished, caller_hung_up, line_broke, failed"""
    ending: str = ""
    """exit of the last flow, for example `booked` or `no_sound`"""
    flags: tuple[str, ...] = ()
    """for example `emergency` (R4), `fax` (S7)"""
    line_quality: str = ""
    """the kind of line over the whole call: normal, too_quiet, noisy …; empty when nothing was listened to"""
    level_dbfs: float | None = None
    """the caller's own level, median of the turns with voice"""
    snr_db: float | None = None
    """likewise, over the noise"""
    recording: str = ""
    """file of both sides in the recordings' folder; empty where none was kept"""
    done: tuple[str, ...] = ()
    """what was done for the caller, for example `wakeup_booked`, `message_taken`"""
    caller: str = ""
    """the number that calls, an extension or an outside number as the channel knows it; empty when it does not"""


@dataclass(frozen=True)
class Turn:
    """One prompt and what came of it (K1)."""

    call_id: str
    number: int
    state: str
    """`flow/step`"""
    prompts: tuple[str, ...]
    """catalogue keys"""
    said: str
    """the words as they were spoken"""
    language: Language
    attempt: int
    """1 for the first asking; 0 where nothing was asked"""
    hearing: HearingKind | None
    """None where nothing was asked"""
    outcome: str
    """the answer's outcome, which the state machine took"""
    heard: str = ""
    keys: str = ""
    value: str = ""
    """the understood value as text, for example `06:30`"""
    level_dbfs: float | None = None
    snr_db: float | None = None
    line: str = ""
    """as in `Hearing`, like the two below"""
    tone: str = ""
    gap_share: float = 0.0
    prompt_start: int = 0
    """sample of the call, as the next and the three last"""
    prompt_end: int = 0
    prompt_length: int = 0
    """samples that the whole prompt has: more than `prompt_end - prompt_start` when it was stopped"""
    stopped_by: str = ""
    """what stopped the prompt: keys, voice (barge-in), tone; empty when all of it was said"""
    voice_start: int | None = None
    voice_end: int | None = None
    decided: int = 0


class BookingStatus(StrEnum):
    """What became of a wake-up booking."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Booking:
    """A wake-up call that was promised (W1). Local time and zone are kept: tomorrow is not +86,400 s."""

    id: str
    call_id: str | None
    room: str
    day: date
    local_time: time
    timezone: str
    """IANA name"""
    due: datetime
    """aware, UTC; the instant of day and local_time in timezone"""
    language: Language
    created: datetime
    status: BookingStatus = BookingStatus.BOOKED


class EventKind(StrEnum):
    """What a call tells those who watch it."""

    STARTED = "started"
    STATE = "state"
    SAYING = "saying"
    SAID = "said"
    HEARD = "heard"
    DONE = "done"
    ENDED = "ended"


@dataclass(frozen=True)
class CallEvent:
    """One step of a call as it happens, for the live transcript and for a scripted caller."""

    kind: EventKind
    call_id: str
    at: int
    """sample of the call"""
    state: str = ""
    prompts: tuple[str, ...] = ()
    text: str = ""
    language: Language = "zh"
    turn: Turn | None = None
    outcome: str = ""
    """of what was done, heard, or the call; at a `STATE` event: by which it was reached"""
    slots: dict[str, str] = field(default_factory=dict)
    """the slots' values as text, at a `SAYING` or `SAID` event"""


class MessageStatus(StrEnum):
    """What became of a message."""

    NEW = "new"
    HEARD = "heard"
    """somebody of the house has listened to it"""
    DELIVERED = "delivered"
    """the addressee has it (M2)"""
    DELETED = "deleted"
    """erased at the next purge"""


MessageKind = Literal["room", "extension", "department", "call_back"]
MESSAGE_KINDS: tuple[MessageKind, ...] = ("room", "extension", "department", "call_back")


@dataclass(frozen=True)
class Message:
    """A message that a caller left (M1)."""

    id: str
    call_id: str | None
    kind: MessageKind
    addressee: str
    """number of a room or an extension, or the name of a department"""
    language: Language
    audio: str
    """file in the messages' folder; empty where `kind` is call_back: only a number was left (S6)"""
    seconds: float
    created: datetime
    """aware, UTC"""
    phone: str = ""
    """the number to call back as it was read back, else the one that called; empty when neither is known"""
    caller_clip: str = ""
    """file in the messages' folder: who is calling, in their own words; may be empty"""
    urgent: bool = False
    status: MessageStatus = MessageStatus.NEW
    heard_at: datetime | None = None
    """aware, UTC: when it was first heard"""


AuditAction = Literal["export", "purge", "rotate"]
AUDIT_ACTIONS: tuple[AuditAction, ...] = ("export", "purge", "rotate")


@dataclass(frozen=True)
class AuditEntry:
    """Something that was done with records, and must be answered for (K4)."""

    at: datetime
    """aware, UTC"""
    action: AuditAction
    who: str
    """the user of this machine"""
    detail: str
    """what it was done with; names nobody"""
    rows: int
