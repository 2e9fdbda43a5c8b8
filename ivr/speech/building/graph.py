"""The decoding graph: a prefix tree of all words' units, wrong tones at a cost, and `[unk]` for every other speech."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import MappingProxyType

from ivr.errors import ModelError
from ivr.speech.building.accents import SUBSTITUTES, SUBSTITUTES_LAST, without_r
from ivr.speech.building.costs import Costs, write_costs
from ivr.speech.building.openfst import Machine, plugins, run
from ivr.speech.building.topology import (
    DISAMBIGUATION,
    INNER,
    POSITIONS,
    SILENCE,
    boundaries,
    leave,
    loop,
    phone,
    phone_names,
)
from ivr.speech.building.units import TONES, UNIT, UNITS, language_of, pronunciations
from ivr.speech.lexicon import UNKNOWN

GARBAGE = (UNKNOWN,)
"""words of the graph that stand for speech outside a grammar; `_garbage` says how they sound"""

OPEN_END = 2.0
"""cost of ending, where no grammar is given"""

RARE = 4.0
"""cost of a word that no question asks for, where no grammar is given"""

MOST_WAYS = 4
"""pronunciations of one word: a character's rare readings would only be mistaken for others"""

COMPLAINTS = 10
"""words named in an error"""


Ways = Sequence[Sequence[int]]
"""of saying a word, in units"""


def build_graph(
    folder: Path,
    words: Iterable[str],
    costs: Costs | None = None,
    *,
    asked: AbstractSet[str] = frozenset(),
    spoken: Mapping[str, Ways] = MappingProxyType({}),
) -> int:
    """Write graph/ of the model in `folder` for these words; returns how many they are.

    `asked` are words that questions ask for, `spoken` says how words sound that no dictionary knows. Raises ModelError
    for words without a pronunciation, or without OpenFst's tools, naming them.
    """
    plugins()
    costs = costs or Costs()
    entries = _pronounced(words, spoken)
    numbers = {word: number for number, word in enumerate((*GARBAGE, *entries), 1)}
    graph = folder / "graph"
    (graph / "phones").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=graph) as name:
        work = Path(name)
        WordTree(costs).machine(entries, numbers).write(work / "hcl.txt")
        run(work, "fstcompile", "hcl.txt", "raw.fst")
        run(work, "fstconnect", "raw.fst", "connected.fst")
        run(work, "fstarcsort", "--sort_type=olabel", "connected.fst", "sorted.fst")
        kind = "--fst_type=olabel_lookahead"
        run(work, "fstconvert", kind, "--save_relabel_opairs=relabel.txt", "sorted.fst", "HCLr.fst")
        _write_grammar(work, numbers, asked)
        for made in ("HCLr.fst", "Gr.fst"):
            (work / made).replace(graph / made)
    (graph / "disambig_tid.int").write_text(f"{DISAMBIGUATION}\n", encoding="ascii")
    write_costs(folder, costs)
    _write_phones(graph)
    return len(entries)


def fits(folder: Path) -> bool:
    """Whether the network in `folder` tells apart what we can spell words in: its phones are ours."""
    file = folder / "graph/phones.txt"
    return file.is_file() and file.read_text(encoding="utf-8", errors="replace") == _phone_table()


def _pronounced(words: Iterable[str], spoken: Mapping[str, Ways]) -> dict[str, list[tuple[int, ...]]]:
    entries: dict[str, list[tuple[int, ...]]] = {}
    mute: list[str] = []
    for word in words:
        try:
            ways = spoken.get(word) or pronunciations(word, language_of(word))
        except ModelError:
            # all of them are named at once, below
            mute.append(word)
        else:
            entries[word] = [tuple(way) for way in ways[:MOST_WAYS]]
    if mute:
        named = ", ".join(mute[:COMPLAINTS])
        raise ModelError(f"nobody knows how to say {named}: write them in other words, or in Han characters")
    if not entries:
        raise ModelError("expected words for the graph, got none")
    return entries


class WordTree:
    """Builds the machine from transition ids to words: one-state phones, silence between words, blanks inside them."""

    def __init__(self, costs: Costs) -> None:
        self._costs = costs
        self._machine = Machine()
        self._start, self._silent, self._root = (self._machine.state() for _ in range(3))
        self._children: dict[tuple[int, int, str], int] = {}
        self._blanks: dict[int, int] = {}

    def machine(self, entries: Mapping[str, Sequence[Sequence[int]]], numbers: Mapping[str, int]) -> Machine:
        self._silence()
        for word, spoken in entries.items():
            for units, extra in _ways(spoken, self._costs.accent):
                end = self._walk(units)
                self._machine.arc(end, self._start, output=numbers[word], cost=self._costs.word + extra)
        for word in GARBAGE:
            self._garbage(numbers[word])
        return self._machine

    def _silence(self) -> None:
        """Before, between and after words, or not at all."""
        machine = self._machine
        machine.arc(self._start, self._silent, leave(SILENCE))
        machine.arc(self._silent, self._silent, loop(SILENCE))
        machine.arc(self._start, self._root)
        machine.arc(self._silent, self._root)
        machine.finals.update({self._start: 0.0, self._silent: 0.0})

    def _walk(self, units: Sequence[int]) -> int:
        node, before = self._root, None
        for place, unit in enumerate(units):
            node = self._step(node, before, unit, _position(place, len(units)))
            before = unit
        return node

    def _step(self, node: int, before: int | None, unit: int, position: str) -> int:
        """The tree's child of `node`; two equal units in a row need a blank between them."""
        key = (node, unit, position)
        if key not in self._children:
            sources = [node] if node == self._root or before != unit else []
            if node != self._root:
                sources.append(self._blank(node))
            self._children[key] = self._alternatives(sources, unit, position)
        return self._children[key]

    def _blank(self, node: int) -> int:
        if node not in self._blanks:
            self._blanks[node] = self._emit([node], INNER, 0.0)
        return self._blanks[node]

    def _alternatives(self, sources: Sequence[int], unit: int, position: str) -> int:
        """The unit, the same final in another tone, or what an accent says for it; all go on from one state."""
        costs = {unit: 0.0, **dict.fromkeys(_other_tones(unit), self._costs.wrong_tone)}
        costs |= dict.fromkeys(_accented(unit, position), self._costs.accent)
        ends = [self._emit(sources, phone(each, position), self._costs.phone + cost) for each, cost in costs.items()]
        if len(ends) == 1:
            return ends[0]
        meeting = self._machine.state()
        for end in ends:
            self._machine.arc(end, meeting)
        return meeting

    def _emit(self, sources: Iterable[int], number: int, cost: float, row: float = 0.0) -> int:
        """One phone: entered by its forward id, then looped (Kaldi's reordered graphs), at `row` a time."""
        end = self._machine.state()
        self._machine.arc(end, end, loop(number), cost=row)
        for source in sources:
            self._machine.arc(source, end, leave(number), cost=cost)
        return end

    def _garbage(self, number: int) -> None:
        """A word for any speech: any units, each dearer than in a word.

        The word itself is paid for at its end. By then other speech has driven all else out of the beam, so that even a
        high price turns nothing into words, and a right answer is never the dearer one.
        """
        machine, costs = self._machine, self._costs
        cost, row = costs.phone + costs.unknown_phone + costs.unknown_row, costs.unknown_row
        first, middle, last = (machine.state() for _ in range(3))
        machine.arc(self._root, first)
        machine.arc(self._emit([middle], INNER, 0.0), middle)
        machine.arc(last, self._start, output=number, cost=costs.unknown_word)
        for unit in range(1, len(UNITS)):
            machine.arc(self._emit([first], phone(unit, "B"), cost, row), middle)
            machine.arc(self._emit([middle], phone(unit, "I"), cost, row), middle)
            machine.arc(self._emit([middle], phone(unit, "E"), cost, row), last)
            machine.arc(self._emit([first], phone(unit, "S"), cost, row), last)


def _position(place: int, count: int) -> str:
    begin, end, internal, singleton = POSITIONS
    if count == 1:
        return singleton
    if place == 0:
        return begin
    return end if place == count - 1 else internal


def _ways(spoken: Ways, accent: float) -> Iterator[tuple[Sequence[int], float]]:
    """The ways of saying a word, and what each costs beside the word; those without R come last."""
    yield from ((units, 0.0) for units in spoken)
    plain = {tuple(units) for units in spoken}
    yield from ((units, accent) for units in dict.fromkeys(map(without_r, spoken)) if units not in plain)


def _accented(unit: int, position: str) -> Sequence[int]:
    anywhere = SUBSTITUTES.get(unit, ())
    return (*anywhere, *SUBSTITUTES_LAST.get(unit, ())) if position in "ES" else anywhere


def _other_tones(unit: int) -> list[int]:
    """The same Mandarin final in the other tones; none for consonants and English sounds."""
    name = UNITS[unit]
    if not (name.startswith("z_") and name[-1] in TONES):
        return []
    others = [name[:-1] + tone for tone in TONES if tone != name[-1]]
    return [UNIT[other] for other in others if other in UNIT]


def _write_grammar(work: Path, numbers: Mapping[str, int], asked: AbstractSet[str]) -> None:
    """Gr.fst: single words for open listening, and the symbol table that Vosk makes its grammars from.

    The look-ahead machine has numbered the words anew; the table must use its numbers (facts/models.md, trap 6).
    """
    pairs = (line.split() for line in (work / "relabel.txt").read_text(encoding="ascii").splitlines())
    relabelled = {int(old): int(new) for old, new in pairs}
    labels = sorted((relabelled[number], word) for word, number in numbers.items())
    table = "".join(f"{word} {label}\n" for label, word in [(0, "<eps>"), *labels])
    (work / "words.txt").write_text(table, encoding="utf-8")
    even = math.log(len(numbers))
    loops = [
        f"0 0 {label} {label} {even + RARE * (word not in asked):.4f}\n"
        for label, word in labels
        if word not in GARBAGE
    ]
    (work / "g.txt").write_text("".join([*loops, f"0 {OPEN_END}\n"]), encoding="ascii")
    run(work, "fstcompile", "g.txt", "g.fst")
    run(work, "fstarcsort", "--sort_type=ilabel", "g.fst", "gs.fst")
    run(work, "fstconvert", "--fst_type=const", "gs.fst", "gc.fst")
    run(work, "fstsymbols", "--osymbols=words.txt", "gc.fst", "Gr.fst")


def _phone_table() -> str:
    return "".join(f"{name} {number}\n" for number, name in enumerate(phone_names()))


def _write_phones(graph: Path) -> None:
    (graph / "phones.txt").write_text(_phone_table(), encoding="utf-8")
    places = "".join(f"{number} {place}\n" for number, place in enumerate(boundaries(), 1))
    (graph / "phones/word_boundary.int").write_text(places, encoding="utf-8")
