from __future__ import annotations

import pytest

from ivr.audio.frame import RATE, Samples, silence
from ivr.config import Settings
from ivr.dialogue.prompts import Catalogue, read_catalogue
from ivr.errors import IvrError
from ivr.records import Language
from ivr.sample import sample, words_of
from ivr.speech.speaker import Speaker


class _Minute:
    """A voice for which everything lasts a minute."""

    name = "minute"

    def render(self, _text: str, _language: Language) -> Samples:
        return silence(60 * RATE)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(Settings().prompts)


def test_a_key_is_said_in_the_sites_first_language(catalogue: Catalogue) -> None:
    assert words_of(Settings(), catalogue, "goodbye.farewell", None, {}).language == "zh"
    english = Settings(languages=("en", "zh"))
    assert words_of(english, catalogue, "goodbye.farewell", None, {}).language == "en"
    assert words_of(english, catalogue, "common.help", "zh", {}).fixed


def test_free_text_is_said_in_the_language_it_is_written_in(catalogue: Catalogue) -> None:
    assert words_of(Settings(), catalogue, "Room 1208", None, {}).spoken == "Room one two oh eight"
    assert words_of(Settings(), catalogue, "房号1208", None, {}).spoken == "房号幺二零八"


def test_the_house_itself_needs_no_value(catalogue: Catalogue) -> None:
    assert "Cloud Hotel" in words_of(Settings(), catalogue, "reception.greeting", "en", {}).text


def test_a_missing_value_names_the_prompts_line(catalogue: Catalogue) -> None:
    with pytest.raises(IvrError, match=r"--set date=… \(date\) --set time=… \(clock\)") as refused:
        words_of(Settings(), catalogue, "wakeup.booked", "zh", {"room": "1208"})
    assert "wakeup.yaml:" in str(refused.value.where)


@pytest.mark.parametrize(
    ("text", "pace", "unit"), [("您好，再见！", 4, "characters"), ("It's six o'clock.", 3, "words")]
)
def test_pace_counts_characters_or_words_a_minute(catalogue: Catalogue, text: str, pace: int, unit: str) -> None:
    data = sample(Speaker(_Minute(), None), words_of(Settings(), catalogue, text, None, {})).as_data()
    assert (data["per_minute"], data["unit"], data["source"]) == (pace, unit, "voice")
