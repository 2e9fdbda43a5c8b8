from __future__ import annotations

from random import Random

import pytest

from ivr.speech.building.units import UNITS
from models.train.accents import ACCENTS, Accent, Habit, accented
from models.train.engine_kokoro import Text, symbols
from models.train.english_ipa import sounds
from models.train.text import sentence

FOUR, THREE, FOUR_EIGHT = "fˈɔɹ", "θɹˈi", "fˈɔɹ ˈeɪt"


def said(ipa: str, **habits: Habit) -> tuple[str, str]:
    """Units and symbols of these sounds in an accent of these habits."""
    accent = Accent("", {name.replace("_", " "): habit for name, habit in habits.items()})
    found = accented(sounds(ipa), accent, Random(1))
    units = " ".join(UNITS[unit].removeprefix("e_") for sound in found for unit in sound.units)
    return units, "".join(sound.symbols for sound in found)


def test_what_is_said_in_an_accent_is_what_is_labelled():
    assert said(THREE, TH=Habit(1.0, "S", "s")) == ("S R IY", "sɹˈi")


def test_a_replaced_sound_keeps_its_stress():
    assert said(FOUR, AO_R=Habit(1.0, "AO", "ɔː", coda_only=True)) == ("F AO", "fˈɔː")


def test_an_r_stays_before_a_vowel():
    assert said("zˈɪɹoʊ", IH_R=Habit(1.0, "IH AH", "ɪə", coda_only=True))[0] == "Z IH R OW"


def test_a_habit_of_endings_leaves_beginnings_alone():
    assert said("zˈuz", Z=Habit(1.0, "S", "s", last_only=True)) == ("Z UW S", "zˈus")


def test_a_dropped_sound_leaves_nothing():
    assert said("hˈaʊs", HH=Habit(1.0, "", "")) == ("AW S", "ˈWs")


@pytest.mark.parametrize("name", ACCENTS)
def test_kokoro_can_say_every_accent(name):
    known = set(symbols())
    for number in range(30):
        runs = Text().runs([sentence("en", f"{name}/{number}")], f"{name}/{number}")
        assert all(set(run.text) <= known for run in runs)
    assert all(set(habit.symbols) <= known for habit in ACCENTS[name].habits.values())
