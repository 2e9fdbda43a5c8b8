from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.dialogue.prompts import Catalogue, base_key, read_catalogue, read_prompts, said_in
from ivr.errors import FlowError
from ivr.records import LANGUAGES

ZH = {"common.yaml": "hello: 您好\nroom: 房号{room:room}，{time:clock}\n", "choices.yaml": "bye: [再见]\n"}
EN = {"common.yaml": "hello: Hello\nroom: Room {room:room} at {time:clock}\n", "choices.yaml": "bye: [goodbye, bye]\n"}

Build = Callable[[dict[str, str], dict[str, str]], Path]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(zh: dict[str, str], en: dict[str, str]) -> Path:
        for language, files in (("zh", zh), ("en", en)):
            (tmp_path / language).mkdir()
            for name, text in files.items():
                (tmp_path / language / name).write_text(text, encoding="utf-8")
        return tmp_path

    return build


def test_the_houses_own_prompts_are_there_in_both_languages(catalogue: Catalogue) -> None:
    zh, en = (catalogue.prompts[language] for language in LANGUAGES)
    assert set(zh) == set(en)
    assert set(catalogue.choices["zh"]) == set(catalogue.choices["en"])


def test_variables_are_spoken_by_their_type(build: Build) -> None:
    catalogue = read_catalogue(build(ZH, EN))
    values = {"room": "1208", "time": "07:30"}
    assert catalogue.text(catalogue.prompt("common.room", "zh"), "zh", values) == "房号幺二零八，早上七点半"
    said = catalogue.text(catalogue.prompt("common.room", "en"), "en", values)
    assert said == "Room one two oh eight at seven thirty in the morning"
    assert catalogue.prompt("common.hello", "en").fixed
    assert not catalogue.prompt("common.room", "en").fixed


def test_choices_know_where_their_words_stand(build: Build) -> None:
    folder = build(ZH, EN | {"choices.yaml": "# words\nbye: [goodbye]\nhi:\n  - hello\n"})
    catalogue = read_catalogue(folder)
    assert catalogue.choices["en"] == {"bye": ("goodbye",), "hi": ("hello",)}
    assert catalogue.choice_where("hi", "en") == f"{folder}/en/choices.yaml:3"


def test_what_is_not_there_is_named(build: Build) -> None:
    catalogue = read_catalogue(build(ZH, EN))
    with pytest.raises(FlowError, match=r"common\.bye.*missing in en"):
        catalogue.prompt("common.bye", "en")
    with pytest.raises(FlowError, match=r"wants \{time\}, which nothing has set") as caught:
        catalogue.text(catalogue.prompt("common.room", "zh"), "zh", {"room": "1208"})
    assert (caught.value.where or "").endswith("zh/common.yaml:2")


@pytest.mark.parametrize(
    ("file", "text", "line", "words"),
    [
        ("common.yaml", "hello: Hello\nroom: Room {room:room}\n", 2, "“common.room” has other variables than in zh"),
        (
            "common.yaml",
            "hello: Hello\nroom: Room {room:rom}\n",
            2,
            "no type “rom”; there is address, clock, date, day",
        ),
        ("common.yaml", "hello: Hello {name}\n", 1, "a variable is written {slot:type}"),
        ("common.yaml", "hello: Hello }\n", 1, "a variable is written {slot:type}"),
        ("common.yaml", "hello: Hello\nbye:\n", 2, "“bye” needs words"),
        ("common.yaml", "hello: [Hello]\n", 1, "“hello” needs words"),
        ("common.yaml", "- Hello\n", 1, "expected a list of `key: words`"),
        ("common.yaml", "hello: Hello\nhello: Hi\n", 2, "a second time"),
        ("choices.yaml", "bye: goodbye\n", 1, "“bye” needs a list"),
        ("choices.yaml", "bye: [bye]\nhi: []\n", 2, "“hi” needs a list"),
        ("choices.yaml", "bye: [bye]\nhi: ['']\n", 2, "“hi” needs a list"),
        ("choices.yaml", "- bye\n", 1, r"expected `choice: \[words"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(build: Build, file: str, text: str, line: int, words: str) -> None:
    folder = build(ZH, EN | {file: text})
    with pytest.raises(FlowError, match=words) as caught:
        read_catalogue(folder)
    assert caught.value.where == f"{folder}/en/{file}:{line}"


def test_a_language_without_prompts_is_named(build: Build) -> None:
    with pytest.raises(FlowError, match="no prompts here") as caught:
        read_catalogue(build(ZH, {}))
    assert (caught.value.where or "").endswith("/en")


def test_a_prompt_may_be_said_in_the_other_language() -> None:
    assert base_key("reception.this_language@other") == base_key("reception.this_language") == "reception.this_language"
    assert said_in("a.b@other", "zh") == "en"
    assert said_in("a.b@other", "en") == said_in("a.b", "zh") == "zh"


def test_a_key_may_have_words_by_part_of_the_day(build: Build) -> None:
    by_part = "hello:\n  night: Good night\n  others: Hello\n"
    catalogue = read_catalogue(build(ZH, EN | {"common.yaml": by_part + "room: Room {room:room} at {time:clock}\n"}))
    assert catalogue.prompt_at("common.hello", "en", "night").text == "Good night"
    assert catalogue.prompt_at("common.hello", "en", "lunch").text == "Hello"
    # the other language has the same words all day
    assert catalogue.prompt_at("common.hello", "zh", "night").text == "您好"
    assert [prompt.key for prompt in catalogue.variants("common.hello", "en")] == ["common.hello", "common.hello@night"]
    assert base_key("common.hello@night") == "common.hello"


def test_a_profile_may_tell_the_parts_of_the_day_apart(build: Build) -> None:
    words = "hello:\n  council:\n    holiday: Closed\n    others: Council\n  others: Hello\n"
    folder = build(ZH, EN | {"common.yaml": words + "room: Room {room:room} at {time:clock}\n"})
    assert read_catalogue(folder, "council").prompt_at("common.hello", "en", "holiday").text == "Closed"
    assert read_catalogue(folder, "hotel").prompt_at("common.hello", "en", "holiday").text == "Hello"


@pytest.mark.parametrize(
    ("words", "line", "told"),
    [
        ("hello:\n  night: Good night\n", 1, "“hello” needs words for the `others`, too"),
        (
            "hello:\n  night: A\n  nigth: B\n  others: C\n",
            3,
            "“nigth” is no part of the day; there is open",
        ),
        ("hello:\n  night:\n  others: C\n", 2, "“hello@night” needs words"),
    ],
)
def test_words_by_part_of_the_day_that_make_no_sense_are_refused(
    build: Build, words: str, line: int, told: str
) -> None:
    folder = build(ZH, EN | {"common.yaml": words})
    with pytest.raises(FlowError, match=told) as caught:
        read_catalogue(folder)
    assert caught.value.where == f"{folder}/en/common.yaml:{line}"


@pytest.mark.parametrize(
    ("department", "en", "zh"),
    [
        ("housekeeping", "housekeeping", "客房部"),
        ("room_service", "room service", "送餐服务"),
        ("accounts", "the accounts department", "财务部"),
        ("clinic", "the clinic", "医务室"),
        ("restaurant", "the restaurant", "餐厅"),
        ("front_desk", "the front desk", "前台"),
    ],
)
def test_a_department_is_called_as_one_says_it(catalogue: Catalogue, department: str, en: str, zh: str) -> None:
    value = {"department": department}
    said = catalogue.prompt("message.to_department", "en")
    assert catalogue.text(said, "en", value) == f"Certainly, a message for {en}."
    assert catalogue.text(catalogue.prompt("message.to_department", "zh"), "zh", value) == f"好的，留言给{zh}。"


def test_a_site_that_names_a_department_anew_is_not_called_by_the_old_name(build: Build, tmp_path: Path) -> None:
    ours = build(ZH, EN | {"departments.yaml": "pool: { say: the swimming pool, names: [pool] }\n"})
    site = tmp_path / "site"
    for language in ("zh", "en"):
        (site / language).mkdir(parents=True)
    (site / "en" / "departments.yaml").write_text("pool: [spa]\n", encoding="utf-8")
    (site / "zh" / "departments.yaml").write_text("pool: [泳池]\n", encoding="utf-8")
    assert read_prompts((ours, site)).said_departments["en"] == {}
    assert read_prompts(ours).said_departments["en"] == {"pool": "the swimming pool"}


def test_a_department_with_half_an_entry_is_refused_with_its_line(build: Build) -> None:
    with pytest.raises(FlowError, match="needs a list of its names") as caught:
        read_prompts(build(ZH, EN | {"departments.yaml": "# ours\npool: { say: the pool }\n"}))
    assert caught.value.where is not None
    assert caught.value.where.endswith("departments.yaml:2")
