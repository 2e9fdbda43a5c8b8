"""What a call's record says was done for the caller (K1): by verb and outcome, noted when it is so, never before."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ivr.calls import call_backs

DEEDS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("book_wakeup", "booked"): "wakeup_booked",
        ("end_change", "changed"): "wakeup_changed",
        ("cancel_wakeup", "cancelled"): "wakeup_cancelled",
        ("store_message", "stored"): "message_taken",
        (call_backs.STORE, "stored"): "call_back_wanted",
        ("flag_emergency", "flagged"): "emergency_told",
    }
)
