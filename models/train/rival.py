"""Pocketsphinx with its own en-us model, examined beside ours on the same sounds; English only."""

from __future__ import annotations

from ivr.audio.frame import RATE, Samples
from ivr.audio.resample import resample
from ivr.bench.exam.questions import plain
from ivr.errors import ModelError
from ivr.records import Language

MOST_PHRASES = 200
"""of a grammar; it takes minutes over thousands"""

WIDE = 16000
"""samples a second that its model wants"""


class PocketSphinx:
    """A decoder for each grammar; it knows no `[unk]`, so `rejects` changes nothing."""

    def __init__(self) -> None:
        """ModelError where pocketsphinx is not installed."""
        try:
            import pocketsphinx  # noqa: PLC0415 - only for those who compare
        except ImportError as error:
            raise ModelError("pocketsphinx is not installed: pip install pocketsphinx==5.1.1") from error
        self._package = pocketsphinx
        self._decoders: dict[tuple[str, ...], pocketsphinx.Decoder] = {}

    def hear(self, phrases: tuple[str, ...], language: Language, samples: Samples, *, rejects: bool) -> str:
        """The phrase heard, or nothing."""
        del rejects
        if language != "en":
            raise ModelError("pocketsphinx comes with an English model only")
        if phrases not in self._decoders:
            self._decoders[phrases] = self._decoder(phrases)
        decoder = self._decoders[phrases]
        decoder.start_utt()
        decoder.process_raw(resample(samples, RATE, WIDE).tobytes(), full_utt=True)
        decoder.end_utt()
        heard = decoder.hyp()
        return plain(heard.hypstr, language) if heard else ""

    def _decoder(self, phrases: tuple[str, ...]) -> object:
        grammar = f"#JSGF V1.0;\ngrammar g;\npublic <g> = {' | '.join(phrases)};\n"
        decoder = self._package.Decoder(samprate=WIDE, loglevel="FATAL", lm=None)
        decoder.add_jsgf_string("g", grammar)
        decoder.activate_search("g")
        return decoder
