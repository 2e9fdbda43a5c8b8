"""What people are shown of official models: which there are, what a download did."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from ivr.official_models import Got, Offer
from ivr.screen import GOOD, columns
from ivr.transcript import TROUBLE


def offers(found: tuple[Offer, ...]) -> Table:
    """The official models."""
    return columns(
        {
            "here": Text("yes", style=GOOD) if each.installed else "",
            "model": each.model.name,
            "language": each.model.language,
            "MB": f"{each.model.size / 1e6:.0f}",
            "errors in %": "\n".join(f"{rate:.2f} {test}" for test, rate in each.model.errors.items()),
            "licence": each.model.licence,
            "for": "the desk" if each.model.grammar else Text("dictation, takes no phrases", style=TROUBLE),
        }
        for each in found
    )


def got(model: Got) -> Iterable[str]:
    """What `ivr models get` did, and what to do next."""
    yield f"{model.path}: {'is here already' if model.already else 'installed'}"
    if not model.already and not model.compared:
        yield "no checksum is known for it: nothing was compared"
    if model.used_for:
        yield f"it is used for {' and '.join(model.used_for)} from the next start; `ivr models check` tries your flows"
    else:
        yield "no language uses it: IVR_MODEL_ZH and IVR_MODEL_EN name the folder that one shall use"
