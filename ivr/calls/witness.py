"""Tells what happens in a call: rows to the journal, events to whoever watches."""

from __future__ import annotations

from ivr.calls.journal import Journal
from ivr.calls.line import Line
from ivr.calls.state import CallState, Observer
from ivr.calls.turn import Asked, Played, Spoken
from ivr.dialogue.machine import Dialogue
from ivr.log import logger
from ivr.records import CallEvent, EventKind, HearingKind, Turn


class Witness:
    """The eyes on one call. It changes nothing but the count of turns."""

    def __init__(
        self, line: Line, dialogue: Dialogue, state: CallState, journal: Journal, observers: tuple[Observer, ...]
    ) -> None:
        self._line = line
        self._dialogue = dialogue
        self._state = state
        self._journal = journal
        self._observers = observers

    async def record(self, spoken: Spoken, played: Played, asked: Asked | None, outcome: str, attempt: int) -> None:
        """Keep one turn; `asked` is None where nothing was asked, or nobody was left to answer."""
        state = self._state
        state.turns += 1
        hearing = asked.hearing if asked else None
        gone = HearingKind.HUNG_UP if outcome == HearingKind.HUNG_UP else None
        turn = Turn(
            call_id=state.call_id,
            number=state.turns,
            state=self._dialogue.state,
            prompts=spoken.prompts,
            said=spoken.text,
            language=state.language,
            attempt=attempt,
            hearing=hearing.kind if hearing else gone,
            outcome=str(outcome),
            heard=asked.heard if asked else "",
            keys=hearing.keys if hearing else "",
            value=asked.value if asked else "",
            level_dbfs=hearing.level_dbfs if hearing else None,
            snr_db=hearing.snr_db if hearing else None,
            line=hearing.line if hearing else "",
            tone=hearing.tone if hearing else "",
            gap_share=hearing.gap_share if hearing else 0.0,
            prompt_start=played.start,
            prompt_end=played.end,
            prompt_length=len(spoken.samples),
            stopped_by=played.stopped_by,
            voice_start=hearing.voice_start if hearing else None,
            voice_end=hearing.voice_end if hearing else None,
            decided=hearing.decided if hearing else self._line.position,
        )
        await self._journal.add(turn, state)
        if asked is not None:
            self.tell(EventKind.HEARD, turn=turn, text=turn.heard or turn.keys, outcome=turn.outcome)

    def tell(
        self,
        kind: EventKind,
        *,
        prompts: tuple[str, ...] = (),
        text: str = "",
        outcome: str = "",
        turn: Turn | None = None,
    ) -> None:
        """Give one event to every observer, in their order."""
        event = CallEvent(
            kind=kind,
            call_id=self._state.call_id,
            at=self._line.position,
            state=self._dialogue.state,
            prompts=prompts,
            text=text,
            language=self._state.language,
            turn=turn,
            outcome=outcome,
            slots=dict(self._state.slots),
        )
        for observer in self._observers:
            try:
                observer(event)
            except Exception as error:  # noqa: BLE001 - who only watches must not end a caller's call
                logger().error("observer_failed", call_id=event.call_id, kind=type(error).__name__, reason=str(error))
