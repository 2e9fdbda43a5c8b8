"""What a caller leaves for somebody: recorded from the prompt's end to a silence, the hash key, or the hang-up (M1)."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.audio.cadence import Tone
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
    """Record until a silence, the hash key, the longest length, a machine's tone, or the hang-up.

    A busy tone behind a caller who has gone is no part of the message: it is cut off.
    """
    rule = EndpointRule(
        wait=round(step.wait * RATE), trailing=round(step.pause * RATE), longest=round(step.longest * RATE)
    )
    endpointer, keys, begin = Endpointer(rule), "", line.position
    gone: CallerHungUp | LineBroke | None = None
    voiced: list[int] = []
    while endpointer.outcome is None and END not in keys and listener.machine is None:
        try:
            inbound = await line.exchange()
        except (CallerHungUp, LineBroke) as end:
            gone = end
            break
        sounded, sounds = listener.follow(inbound.frame)
        keys = inbound.keys + sounds
        recorder.tap(sounded.frame.samples, silence(FRAME))
        endpointer.push(sounded.frame, sounded.voice)
        voiced += [sounded.frame.end] * sounded.voice
    said = _outside(voiced, listener.tones) if listener.machine else voiced
    if endpointer.voice_start is None or not said:
        await recorder.discard()
        return Dictated(NOTHING_SAID, None, gone)
    length = _before_the_tone(said[-1], listener.tones) - begin if listener.machine else None
    try:
        return Dictated(RECORDED, await recorder.finish(length), gone)
    except StoreError:
        # the recorder has logged it
        return Dictated(NOT_KEPT, None, gone)


def _outside(voiced: list[int], tones: tuple[Tone, ...]) -> list[int]:
    """Ends of the frames with voice that were not the beginning of a tone, which is known only 160 ms later."""
    return [end for end in voiced if not any(tone.start - FRAME <= end <= tone.end + FRAME for tone in tones)]


def _before_the_tone(last: int, tones: tuple[Tone, ...]) -> int:
    """Where the first tone after the `last` voice begins."""
    return next((tone.start for tone in tones if tone.end > last), last)
