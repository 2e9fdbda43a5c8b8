"""Where one kind of line ends and the next begins: every figure of the line check, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.audio.frame import RATE


@dataclass(frozen=True)
class Thresholds:
    """Where one kind of line ends and the next begins.

    Each was measured with webrtcvad (ivr/speech/vad.py) and holds with silero too: `ivr bench line --detector both`.
    """

    tone_share: float = 0.5
    """of the loud frames that stable tones hold (facts/speech.md). Here: tones .80 and more, all else 0"""
    tone_seconds: float = 0.2
    """of tone at least; the shortest that the tone finder knows are .12 s, and humans reach it (docs/hearing.md)"""
    voice_seconds: float = 0.15
    """of voice at least (facts/speech.md)"""
    noisy_floor: float = -38.0
    """dBFS; a line without voice is noisy above, silent below (facts/speech.md)"""
    voice_snr: float = 4.0
    """dB; what stands out less from its floor is no voice (facts/speech.md, for “too quiet”)"""
    steady_db: float = 3.0
    """by which four of five levels differ from those 100 ms before in what is noise, though it be called voice. Here:
    noise that rises by 15 to 38 dB within 0 to 3 s 0.9 to 3.0, humans 3.1 to 14, 99 of 100 over 4.3"""
    steady_seconds: float = 2.0
    """of such voice at least: no sung syllable is so long (measured here, human-dev)"""
    gap_share: float = 0.02
    """of the voice that is lost. The cases lose 5 % and more of it, of which some goes unnoticed (docs/hearing.md)"""
    gap_seconds: float = 0.03
    """that are lost: one packet of 20 ms is borne"""
    under_own: float = 12.0
    """dB under the caller's own level: voices in the background (design.md, “unanswered”)"""
    quiet_level: float = -42.0
    """dBFS, active level (facts/speech.md)"""
    noisy_snr: float = 9.0
    """dB as measured here, up to 2 above what was mixed. Facts say 10; at 10 dB most answers are still understood and
    at 5 two thirds (docs/models.md), so this is the lowest that finds noise of -3 to 6 dB (docs/hearing.md)"""
    endless_db: float = 8.0
    """under its level within which a voice goes on: at 12 babble 17 dB under a caller prolongs what has ended"""
    trailing: int = 600 * RATE // 1000
    """samples without voice after which an utterance is over (as for a menu: ivr/speech/endpoint.py)"""


THRESHOLDS = Thresholds()
