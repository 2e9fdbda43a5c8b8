from __future__ import annotations

from datetime import UTC, datetime

from ivr.calls.equipment import house_values
from ivr.config import HOME, Settings
from ivr.dialogue.prompts import read_catalogue


def test_a_call_on_a_holiday_is_greeted_with_it_by_the_houses_own_day() -> None:
    settings, catalogue = Settings(), read_catalogue(HOME / "prompts")
    # one in the morning in Shanghai, on the first day of the lunar year
    values = house_values(settings, datetime(2027, 2, 5, 17, 0, tzinfo=UTC))
    assert values["zh"]["now"] == "2027-02-06T01:00"
    said = catalogue.text(catalogue.prompt("reception.greeting", "zh"), "zh", values["zh"])
    assert said.startswith("春节好，云间酒店。请问有什么可以帮您？")
    said = catalogue.text(catalogue.prompt("goodbye.farewell", "en"), "en", values["en"])
    assert "We wish you a good night" in said
