"""What happens when a try fails: the next rung, or the ending (S4…S8). Pure counting, so that every loop ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.dialogue.flow import AFTER_NO_WORDS, AFTER_REFUSED, ENDINGS, NO_WORDS, Ask


@dataclass(frozen=True)
class Rung:
    """Say these prompts, then listen again."""

    prompts: tuple[str, ...]


@dataclass(frozen=True)
class Ending:
    """Leave the question by this trigger."""

    trigger: str


@dataclass
class Attempts:
    """Everything that has been asked in one call, by state. One object a call."""

    asked: dict[str, int] = field(default_factory=dict)
    failed: dict[tuple[str, str], int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    wished: dict[tuple[str, str], int] = field(default_factory=dict)
    wordless: int = 0
    """voices in a row in which no recogniser made out a word"""

    def ask(self, state: str) -> int:
        """Count one asking; its number, from 1."""
        self.asked[state] = self.asked.get(state, 0) + 1
        return self.asked[state]

    def used_up(self, state: str, step: Ask) -> bool:
        """Whether the question was asked as often as it may be, re-entries included."""
        return self.asked.get(state, 0) >= step.ladder.tries

    def take_back(self, state: str) -> None:
        """A question repeated at the caller's wish is no new try."""
        self.asked[state] = max(0, self.asked.get(state, 0) - 1)

    def wish(self, state: str, step: Ask, wish: str) -> Ending | None:
        """The question again at the caller's wish (repeat, help, language): no new try, but not for ever either."""
        count = self.wished.get((state, wish), 0) + 1
        self.wished[(state, wish)] = count
        if count > step.ladder.tries:
            return Ending(ENDINGS["unclear"])
        self.take_back(state)
        return None

    def fail(self, state: str, step: Ask, failure: str) -> Rung | Ending:
        """After a failed try: the next rung of this failure's own ladder, or the end of it.

        A question may have rungs and an end of their own for who never said a word of either language (S13).
        """
        count = self.failed.get((state, failure), 0) + 1
        self.failed[(state, failure)] = count
        strange = failure == "unclear" and self.wordless >= count
        rungs = (strange and step.ladder.rungs[NO_WORDS]) or step.ladder.rungs[failure]
        if count > len(rungs) or self.used_up(state, step):
            return Ending(AFTER_NO_WORDS if strange and step.ladder.endings[NO_WORDS] else ENDINGS[failure])
        return Rung(rungs[count - 1])

    def refuse(self, state: str, step: Ask) -> Ending | None:
        """A refused read-back counts apart: it gives the other questions their tries again, but not for ever."""
        self.refused[state] = self.refused.get(state, 0) + 1
        if self.refused[state] > step.ladder.refusals:
            return Ending(AFTER_REFUSED)
        self.forget()
        return None

    def forget(self, flow: str = "") -> None:
        """Give all questions their tries again, or those of one flow; refusals stay counted."""
        place = f"{flow}/" if flow else ""
        self.asked = {state: count for state, count in self.asked.items() if not state.startswith(place)}
        self.failed = {key: count for key, count in self.failed.items() if not key[0].startswith(place)}
        self.wished = {key: count for key, count in self.wished.items() if not key[0].startswith(place)}
