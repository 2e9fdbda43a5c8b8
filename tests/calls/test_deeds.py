from __future__ import annotations

from ivr.calls.actions import VERBS
from ivr.calls.deeds import DEEDS


def test_every_deed_is_an_outcome_that_its_verb_declares() -> None:
    assert [(verb, outcome) for verb, outcome in DEEDS if outcome not in VERBS[verb].declared.outcomes] == []
