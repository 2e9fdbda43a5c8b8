"""One call from answer to hang-up: reads the machine's step, does it, tells the machine what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from ivr.audio.frame import RATE, seconds
from ivr.calls.actions import VERBS
from ivr.calls.deeds import DEEDS
from ivr.calls.desk import Desk
from ivr.calls.dictation import BEEP, dictate
from ivr.calls.journal import Journal
from ivr.calls.line import Line
from ivr.calls.messages import drop_message, erase
from ivr.calls.recorder import Kept, MessageRecorder
from ivr.calls.state import NOT_STORED, CallState, Observer
from ivr.calls.turn import Asked, Ears, Mouth, Played, Spoken, failed, silent
from ivr.calls.witness import Witness
from ivr.dialogue.check import CLEAR_NOW, RECORDED_CALL
from ivr.dialogue.flow import QUESTION, Ask, CallFlow, Do, Finish, Record, Say
from ivr.dialogue.ladder import Ending, Rung
from ivr.dialogue.machine import INTERRUPTIONS, KNOWN, SAID, Dialogue
from ivr.dialogue.steps import NOT_KEPT
from ivr.dialogue.understand import universal
from ivr.dialogue.understand.agreement import REFUSED
from ivr.errors import CallerHungUp, FlowError, IvrError, LineBroke
from ivr.log import logger
from ivr.records import Call, EventKind, HearingKind
from ivr.speech.listener import Listener

COMMON_HELP = "common.help"
LANGUAGE_CHANGED = "common.language_changed"
FAULT = "fault"
"""flag of a call in which something of ours broke"""

FAX = "fax"
"""flag of a call from a fax machine; other tones give the call their own name as its flag"""

BAD_LINES = frozenset({HearingKind.TOO_QUIET, HearingKind.NOISY, HearingKind.CHOPPY})

LONGEST_CALL = 30 * 60 * RATE
"""samples after which we end a call: no flow is that long, a loop would be"""


@dataclass(frozen=True)
class Parts:
    """What a session is made of; app.py puts them together."""

    line: Line
    dialogue: Dialogue
    mouth: Mouth
    ears: Ears
    listener: Listener
    desk: Desk
    journal: Journal
    observers: tuple[Observer, ...] = ()
    recorded: bool = False
    """whether both sides are kept, which the caller is told first"""


class Session:
    """The coroutine of one call."""

    def __init__(self, parts: Parts, call: Call, state: CallState) -> None:
        self._parts = parts
        self._call = call
        self._state = state
        self._witness = Witness(parts.line, parts.dialogue, state, parts.journal, parts.observers)
        self._pending: tuple[str, ...] = ()
        """prompts to be said before the next question instead of the question: a rung, a help text"""
        self._badly_heard = False
        """whether the last try failed by the line; whoever is then heard well is thanked (S6)"""
        self._thanks: tuple[str, ...] = ()
        self._typed = ""
        """keys pressed while we said something that asks nothing: they answer the next question"""
        self._ending = ""

    async def run(self) -> Call:
        """Answer, talk, hang up; the finished record. Every way out is stored, an unforeseen error too."""
        await self._parts.journal.begin(self._call)
        self._witness.tell(EventKind.STARTED, text=self._call.line)
        outcome = "failed"
        try:
            await self._parts.line.answer()
            if self._parts.recorded:
                await self._say((RECORDED_CALL,))
            await self._talk()
            outcome = "finished"
        except CallerHungUp:
            outcome = "caller_hung_up"
        except LineBroke as error:
            outcome = "line_broke"
            logger().warning("line_broke", call_id=self._call.id, reason=str(error))
        except IvrError as error:
            logger().error("call_failed", call_id=self._call.id, code=error.code, reason=str(error))
            await self._apologise()
        except Exception as error:
            logger().error("call_failed", call_id=self._call.id, code=type(error).__name__)
            await self._apologise()
            raise
        finally:
            self._parts.listener.stop()
            await self._settle()
            call = await self._finish(outcome)
        return call

    async def _apologise(self) -> None:
        """Whatever broke on our side, the caller hears a sentence and no silence; the record is flagged."""
        self._state.flag(FAULT)
        spoken = self._parts.mouth.apology(self._state.language)
        try:
            await self._play(spoken, 0)
        except (CallerHungUp, LineBroke) as error:
            logger().warning("apology_not_heard", call_id=self._call.id, code=error.code)

    async def _finish(self, outcome: str) -> Call:
        try:
            await self._parts.line.hang_up()
        except IvrError as error:
            logger().warning("hang_up_failed", call_id=self._call.id, code=error.code)
        line = self._parts.listener.line
        call = replace(
            self._call,
            ended=self._now(),
            seconds=round(seconds(self._parts.line.position), 2),
            language=self._state.language,
            outcome=outcome,
            ending=self._ending or self._parts.dialogue.state,
            flags=tuple(self._state.flags),
            done=tuple(self._state.done),
            line_quality=line.worst or "",
            level_dbfs=line.level_dbfs,
            snr_db=line.snr_db,
        )
        await self._parts.journal.finish(call)
        self._witness.tell(EventKind.ENDED, text=call.ending, outcome=outcome)
        logger().info("call", call_id=call.id, outcome=outcome, ending=call.ending, seconds=call.seconds)
        return call

    async def _talk(self) -> None:
        dialogue = self._parts.dialogue
        while not dialogue.over:
            if self._parts.line.position > LONGEST_CALL:
                raise FlowError("the call lasted longer than any flow should", where=dialogue.state)
            self._witness.tell(EventKind.STATE, outcome=dialogue.led_here)
            match dialogue.step:
                case Ask() as step:
                    await self._ask(step)
                case Say() as step:
                    await self._say(step.say, barge_in=step.barge_in)
                    dialogue.take(SAID)
                case Record() as step:
                    await self._record(step)
                case Do() as step:
                    await self._do(step.do)
                case CallFlow():
                    dialogue.call()
                case Finish() as step:
                    await self._leave(step)

    async def _do(self, verb: str) -> None:
        self._parts.dialogue.take(await self._done(verb))

    async def _done(self, verb: str) -> str:
        outcome = await VERBS[verb].run(self._parts.desk, self._state, self._now())
        self._state.did(DEEDS.get((verb, outcome)))
        self._witness.tell(EventKind.DONE, text=verb, outcome=outcome)
        return outcome

    async def _record(self, step: Record) -> None:
        parts, state = self._parts, self._state
        spoken = await self._prepared(step.record)
        spoken = replace(spoken, samples=np.concatenate([spoken.samples, BEEP]))
        played = await self._play(spoken, 0)
        name, day = parts.desk.ids.new("clip"), self._now().astimezone(parts.desk.rules.zone).date()
        recorder = MessageRecorder(parts.desk.recordings, name, day, parts.desk.writer)
        dictated = await dictate(step, parts.line, parts.listener, recorder)
        outcome = dictated.outcome
        if outcome == NOT_KEPT:
            state.flag(NOT_STORED)
        if dictated.kept is not None:
            await self._keep_clip(step, dictated.kept)
        told = HearingKind.HUNG_UP if isinstance(dictated.gone, CallerHungUp) else outcome
        await self._witness.record(spoken, played, None, told, 0)
        if dictated.gone is not None:
            raise dictated.gone
        parts.dialogue.take(outcome)

    async def _keep_clip(self, step: Record, kept: Kept) -> None:
        """The recording of this step; one that it replaces is not kept (K4)."""
        state = self._state
        replaced = state.clips.get(step.save_as)
        state.clips[step.save_as] = kept.file
        state.slots[f"{step.save_as}_seconds"] = str(round(kept.seconds))
        state.owed = step.on_hang_up or state.owed
        if replaced:
            await erase(self._parts.desk, state, replaced)

    async def _settle(self) -> None:
        """However the call ended: what was recorded and neither stored nor dropped is kept (M3)."""
        if self._state.owed:
            await self._done(self._state.owed)
        if self._state.clips and not self._state.owed:
            # who was calling, without a message: nobody would ever find it
            await drop_message(self._parts.desk, self._state, self._now())

    def _now(self) -> datetime:
        """The call's own time: a replay decides as the live call did."""
        return self._call.started + timedelta(seconds=seconds(self._parts.line.position))

    async def _leave(self, step: Finish) -> None:
        if step.say:
            await self._say(step.say)
        if self._parts.dialogue.outermost:
            self._ending = step.finish
        # the caller hangs up first; we after a limit (S11)
        for _ in range(round(step.wait * 50)):
            await self._parts.line.exchange()
        flow = self._parts.dialogue.flow.name
        if flow in INTERRUPTIONS:
            self._state.attempts.forget(flow)
        self._parts.dialogue.take(step.finish)

    async def _say(self, keys: tuple[str, ...], *, barge_in: bool = False) -> None:
        spoken = await self._prepared(keys)
        played = await self._play(spoken, 0, barge_in=barge_in)
        self._typed += played.keys
        await self._witness.record(spoken, played, None, SAID, 0)

    async def _ask(self, step: Ask) -> None:
        dialogue, state = self._parts.dialogue, self._state
        where = dialogue.state
        if step.unless_known and state.slots.get(step.unless_known):
            dialogue.take(KNOWN)
            return
        if not self._pending and state.attempts.used_up(where, step):
            dialogue.take("after_unclear")
            return
        keys = tuple(
            key for part in self._pending or (QUESTION,) for key in (step.ask if part == QUESTION else (part,))
        )
        self._pending = ()
        attempt = state.attempts.ask(where)
        spoken = await self._prepared(keys)
        played = await self._play(spoken, attempt, barge_in=step.barge_in)
        typed, self._typed = self._typed + played.keys, ""
        try:
            asked = await self._parts.ears.answer(step, state, typed)
        except CallerHungUp:
            await self._witness.record(spoken, played, None, HearingKind.HUNG_UP, attempt)
            raise
        await self._witness.record(spoken, played, asked, asked.outcome, attempt)
        self._answered(step, where, keys, asked)

    async def _prepared(self, keys: tuple[str, ...]) -> Spoken:
        thanks, self._thanks = self._thanks, ()
        return await self._parts.mouth.prepare((*thanks, *keys), self._state)

    def _answered(self, step: Ask, where: str, keys: tuple[str, ...], asked: Asked) -> None:
        if failed(asked.outcome):
            self._fail(step, where, asked)
            return
        if self._badly_heard and asked.hearing.kind is HearingKind.SPEECH:
            self._thanks = (CLEAR_NOW,)
        self._badly_heard = False
        if asked.heard:
            self._state.language, self._state.language_known = asked.language, True
        if asked.outcome in universal.UNIVERSALS and asked.outcome not in step.then:
            self._universal(step, where, keys, asked)
        else:
            self._understood(step, where, asked)

    def _understood(self, step: Ask, where: str, asked: Asked) -> None:
        state = self._state
        if step.save_as and asked.value:
            state.slots[step.save_as] = asked.value
        state.slots.update(asked.also or {})
        ending = state.attempts.refuse(where, step) if step.reads_back and asked.outcome == REFUSED else None
        self._parts.dialogue.take(ending.trigger if ending else asked.outcome)

    def _fail(self, step: Ask, where: str, asked: Asked) -> None:
        failure = asked.outcome
        self._badly_heard = failure in BAD_LINES
        if failure == HearingKind.TONE:
            self._state.flag(FAX if asked.hearing.tone.startswith(FAX) else asked.hearing.tone)
        match self._state.attempts.fail(where, step, failure):
            case Rung(prompts):
                self._pending = prompts
                self._parts.dialogue.take(failure)
            case Ending(trigger):
                self._parts.dialogue.take(trigger)

    def _universal(self, step: Ask, where: str, keys: tuple[str, ...], asked: Asked) -> None:
        dialogue, state = self._parts.dialogue, self._state
        if asked.outcome in {universal.CANCEL, *INTERRUPTIONS}:
            dialogue.take(asked.outcome)
            return
        # asking again is the caller's wish, not a failed try; but a caller who only ever asks again meets the limit
        ending = state.attempts.wish(where, step, asked.outcome)
        if ending is not None:
            dialogue.take(ending.trigger)
            return
        if asked.outcome == universal.LANGUAGE:
            state.language, state.language_known = ("en" if asked.value == "en" else "zh"), True
            self._pending = (LANGUAGE_CHANGED, QUESTION)
        elif asked.outcome == universal.HELP:
            self._pending = (step.help or COMMON_HELP, *(() if step.help else (QUESTION,)))
        else:
            self._pending = keys
        dialogue.take(asked.outcome)

    async def _play(self, spoken: Spoken, attempt: int, *, barge_in: bool = False) -> Played:
        start = self._parts.line.position
        self._witness.tell(EventKind.SAYING, prompts=spoken.prompts, text=spoken.text)
        try:
            # who has typed ahead has heard enough of a question; what is no question is said to its end
            said = silent(spoken) if self._typed and attempt else spoken
            ears, asks = self._parts.listener, attempt > 0
            played = await self._parts.mouth.play(said, ears, keys_stop=asks, voice_stops=barge_in)
        except CallerHungUp:
            cut = Played(start, self._parts.line.position, "")
            await self._witness.record(spoken, cut, None, HearingKind.HUNG_UP, attempt)
            raise
        self._witness.tell(EventKind.SAID, prompts=spoken.prompts, text=spoken.text)
        return played
