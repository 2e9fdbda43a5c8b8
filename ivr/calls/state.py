"""What one call knows of itself while it lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ivr.dialogue.ladder import Attempts
from ivr.records import CallEvent, Language

NOT_STORED = "not_stored"
"""flag of a call in which something could not be kept"""

Observer = Callable[[CallEvent], None]


@dataclass
class CallState:
    """The mutable part of a call: one object, owned by its session."""

    call_id: str
    language: Language
    caller: str = ""
    """the number that calls; empty when the channel does not know it"""
    inside: bool = False
    """whether that is a telephone of the house, and the channel vouches for it"""
    began: datetime | None = None
    """when the call came in, aware"""
    language_known: bool = False
    """whether the caller has answered in it (S3)"""
    slots: dict[str, str] = field(default_factory=dict)
    """values as text, by the name that the flow gave them"""
    clips: dict[str, str] = field(default_factory=dict)
    """recordings of this call: name → file, as records hold it"""
    owed: str = ""
    """action that keeps what was recorded, should the call end before the flow has settled it (M3)"""
    flags: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    """see deeds.py"""
    attempts: Attempts = field(default_factory=Attempts)
    turns: int = 0

    @property
    def extension(self) -> str:
        """The house's telephone that calls; empty for a call from outside."""
        return self.caller if self.inside else ""

    def flag(self, name: str) -> None:
        if name not in self.flags:
            self.flags.append(name)

    def did(self, deed: str | None) -> None:
        """Note what was done for the caller; twice the same is one line of the record."""
        if deed is not None and deed not in self.done:
            self.done.append(deed)
