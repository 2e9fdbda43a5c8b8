"""A site's own flows and prompts lie over the program's, so that an update of the program leaves them alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr import app
from ivr.audio.wav import read_wav, write_wav
from ivr.config import HOME, Settings, load_settings
from ivr.dialogue.flow import read_flows
from ivr.dialogue.profile import profiles, read_profile
from ivr.dialogue.prompt_check import check_prompts
from ivr.dialogue.prompts import read_catalogue
from ivr.errors import FlowError
from ivr.prompt_import import Recording, take
from ivr.speech.speaker import Speaker
from ivr.speech.tts import Pyttsx3Voice
from tests.conftest import RECORDINGS


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("flows/profiles", "prompts/zh/recordings", "prompts/en/recordings"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "site.toml").write_text('house_zh = "湖畔宾馆"\nhouse_en = "Lakeside Hotel"\n', encoding="utf-8")
    return tmp_path


def settings(site: Path) -> Settings:
    return load_settings({}, site)


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def test_a_site_with_empty_folders_is_the_program_as_it_came(site: Path) -> None:
    chosen = settings(site)
    assert chosen.flow_folders == (HOME / "flows", site / "flows")
    assert chosen.prompt_folders == (HOME / "prompts", site / "prompts")
    assert app.problems(chosen, app.models(chosen)) == ()


def test_a_site_that_names_its_own_folders_gets_these_only(site: Path) -> None:
    write(site / "site.toml", 'flows = "flows"\nprompts = "elsewhere"\n')
    chosen = settings(site)
    assert chosen.flow_folders == (site / "flows",)
    assert chosen.prompt_folders == (site / "elsewhere", site / "prompts")


def test_a_flow_of_the_site_replaces_that_of_the_same_name_only(site: Path) -> None:
    path = site / "flows" / "operator.yaml"
    write(path, (HOME / "flows" / "operator.yaml").read_text(encoding="utf-8").replace("nobody:", "alone:"))
    write(path, path.read_text(encoding="utf-8").replace("start: nobody", "start: alone"))
    flows = read_flows(settings(site).flow_folders)
    assert flows["operator"].start == "alone"
    assert flows["operator"].path == path
    assert flows["reception"].path == HOME / "flows" / "reception.yaml"
    write(path, "flow: operator\n")
    with pytest.raises(FlowError) as caught:
        read_flows(settings(site).flow_folders)
    assert str(caught.value.where).startswith(f"{path}:")


def test_a_profile_of_the_site_joins_the_others(site: Path) -> None:
    text = (HOME / "flows" / "profiles" / "hotel.yaml").read_text(encoding="utf-8")
    write(site / "flows" / "profiles" / "inn.yaml", text.replace("profile: hotel", "profile: inn"))
    folders = settings(site).flow_folders
    assert profiles(folders) == ("council", "hotel", "hotline", "inn")
    assert read_profile(folders, "inn").path == site / "flows" / "profiles" / "inn.yaml"
    assert read_profile(folders, "hotel").path == HOME / "flows" / "profiles" / "hotel.yaml"


def test_single_keys_choices_and_departments_are_replaced(site: Path) -> None:
    write(site / "prompts" / "en" / "goodbye.yaml", "farewell: Thank you, and goodbye!\n")
    write(site / "prompts" / "en" / "choices.yaml", "message: [leave a message]\n")
    shipped, own = read_catalogue(HOME / "prompts"), read_catalogue(settings(site).prompt_folders)
    assert own.prompts["en"]["goodbye.farewell"].text == "Thank you, and goodbye!"
    assert own.prompts["en"]["goodbye.farewell"].where == f"{site}/prompts/en/goodbye.yaml:1"
    assert own.choices["en"]["message"] == ("leave a message",)
    assert own.choice_where("message", "en") == f"{site}/prompts/en/choices.yaml:1"
    same = {key: prompt for key, prompt in shipped.prompts["en"].items() if key != "goodbye.farewell"}
    assert {key: prompt for key, prompt in own.prompts["en"].items() if key != "goodbye.farewell"} == same
    assert own.prompts["zh"] == shipped.prompts["zh"]
    assert own.choices["en"].keys() == shipped.choices["en"].keys()


def test_words_of_the_site_stand_for_every_part_of_the_day(site: Path) -> None:
    assert read_catalogue(HOME / "prompts").prompt_at("reception.greeting", "en", "night").key.endswith("@night")
    write(site / "prompts" / "en" / "reception.yaml", "greeting: Lakeside Hotel, how may I help you?\n")
    own = read_catalogue(settings(site).prompt_folders)
    assert own.prompt_at("reception.greeting", "en", "night").text == "Lakeside Hotel, how may I help you?"
    assert own.variants("reception.greeting", "en") == (own.prompts["en"]["reception.greeting"],)


def test_a_greeting_may_name_the_house_in_full_so_that_it_can_be_recorded(site: Path) -> None:
    write(site / "prompts" / "en" / "reception.yaml", "greeting: Lakeside Hotel, how may I help you, please?\n")
    write(site / "prompts" / "zh" / "reception.yaml", "greeting: 您好，湖畔酒店，请问有什么可以帮您？\n")
    chosen = settings(site)
    found = check_prompts(chosen.flow_folders, chosen.prompt_folders, chosen.profile, chosen.names)
    # the Chinese one has another name than the house
    assert [problem.where for problem in found] == [f"{site}/prompts/zh/reception.yaml:1"]
    assert "the greeting names the house" in found[0].message


def test_a_key_that_nobody_says_is_told_where_it_stands(site: Path) -> None:
    for language, words in (("zh", "您好"), ("en", "Hello")):
        write(site / "prompts" / language / "reception.yaml", f"greting: {words}\n")
    chosen = settings(site)
    found = check_prompts(chosen.flow_folders, chosen.prompt_folders, chosen.profile)
    assert {problem.where for problem in found} == {f"{site}/prompts/{each}/reception.yaml:1" for each in ("en", "zh")}
    assert all("never said; did you mean “reception.greeting”?" in problem.message for problem in found)


def test_what_is_recorded_lies_with_the_site_and_wins(site: Path) -> None:
    chosen = settings(site)
    sound = read_wav(next((RECORDINGS / "callers").rglob("*.wav")))
    made = Recording("test", "reception.anything_else", "zh", sound.samples, sound.rate)
    taken = take(chosen, made, force=True)
    path = site / "prompts" / "zh" / "recordings" / "reception.anything_else.wav"
    assert (taken.taken, taken.path) == (True, str(path))
    with Pyttsx3Voice() as voice:
        assert Speaker(voice, chosen.prompt_folders).recorded_keys("zh") == {"reception.anything_else"}
        # over one of the program's own, too
        below = site / "below"
        (below / "zh" / "recordings").mkdir(parents=True)
        write_wav(below / "zh" / "recordings" / path.name, sound.samples[: sound.rate], sound.rate)
        both = Speaker(voice, (below, site / "prompts")).samples("reception.anything_else", "", "zh", fixed=True)
        alone = Speaker(voice, site / "prompts").samples("reception.anything_else", "", "zh", fixed=True)
        assert len(both) == len(alone)
        assert (both == alone).all()
