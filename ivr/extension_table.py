"""What came of adding words to a model, for people. Apart from screen.py: dictionaries take half a second to load."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from ivr.model_extend import NOT_USED, Extension
from ivr.model_extend import REMEDY as SAY_HOW
from ivr.screen import columns
from ivr.terminal import WRONG


def extension(done: Extension) -> RenderableType:
    """What became of each word, and what to do next."""
    rows: list[tuple[str | Text, tuple[str, ...], str]] = [
        ("added", done.added, ""),
        ("said otherwise now", done.changed, ""),
        ("there already", done.known, ""),
        (Text("nobody knows how to say", style=WRONG), done.unsayable, SAY_HOW),
    ]
    parts: list[RenderableType] = [
        columns(
            {"": name, "n": str(len(words)), "words": " ".join(words), "how to mend": remedy}
            for name, words, remedy in rows
            if words
        )
    ]
    if done.path is None:
        parts.append(f"nothing to add: {done.source} stays as it is")
    else:
        parts.append(f"{done.words} words in {done.path}, used for {', '.join(done.used_for) or NOT_USED}")
    return Group(*parts)
