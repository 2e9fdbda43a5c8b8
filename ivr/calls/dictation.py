"""What a caller leaves for somebody: recorded from the prompt's end to a silence, the hash key, or the hang-up (M1)."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.audio.frame import FRAME, RATE, silence
from ivr.audio.tones import tone
from ivr.calls.line import Line
from ivr.calls.recorder import Kept, MessageRecorder
from ivr.dialogue.steps import NOT_KEPT, NOTHING_SAID, RECORDED, Record
from ivr.errors import CallerHungUp, LineBroke, StoreError
from ivr.speech.endpoint import Endpointer, EndpointRule
from ivr.speech.listener import Listener

BEEP = tone((1000.0,), 0.25, -20.0)
"""said after the prompt: now it records"""

END = "#"


@dataclass(frozen=True)
class Dictated:
    """What came of one recording."""

    outcome: str
    """recorded, nothing_said, or failed: the disk refused it"""
    kept: Kept | None
    """on the disk, when it was recorded"""
    gone: CallerHungUp | LineBroke | None
    """how the call ended while it was recorded; what was said until then is kept"""


async def dictate(step: Record, line: Line, listener: Listener, recorder: MessageRecorder) -> Dictated:
    """Record until a silence, the hash key, the longest length, or the hang-up."""
    rule = EndpointRule(
        wait=round(step.wait * RATE), trailing=round(step.pause * RATE), longest=round(step.longest * RATE)
    )
    endpointer, keys = Endpointer(rule), ""
    gone: CallerHungUp | LineBroke | None = None
    while endpointer.outcome is None and END not in keys:
        try:
            inbound = await line.exchange()
        except (CallerHungUp, LineBroke) as end:
            gone = end
            break
        sounded, sounds = listener.follow(inbound.frame)
        keys = inbound.keys + sounds
        recorder.tap(sounded.frame.samples, silence(FRAME))
        endpointer.push(sounded.frame, sounded.voice)
    if endpointer.voice_start is None:
        await recorder.discard()
        return Dictated(NOTHING_SAID, None, gone)
    try:
        return Dictated(RECORDED, await recorder.finish(), gone)
    except StoreError:
        # the recorder has logged it
        return Dictated(NOT_KEPT, None, gone)
