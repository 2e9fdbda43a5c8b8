"""Official models at a site, brought from a publisher on this machine."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ivr import official_models
from ivr.audio.wav import read_wav
from ivr.config import Settings
from ivr.errors import IvrError, ModelError
from ivr.model_check import descriptions, used
from ivr.official_models import Got, get, offers, removable, remove
from ivr.speech.catalogue import OfficialModel, official
from ivr.speech.models import BUNDLED, BUNDLED_NAME, open_model
from ivr.speech.vosk_asr import VoskRecogniser
from tests.conftest import RECORDINGS
from tests.model_server import Publisher, listing, model_files, published, zip_of, zipped

SMALL, LARGE = "vosk-model-small-en-us-0.15", "vosk-model-cn-0.22"
PLENTY = 10_000_000


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with published() as server:
        server.files[f"{SMALL}.zip"] = zipped(SMALL, model_files())
        server.files[f"{LARGE}.zip"] = zipped(LARGE, model_files(fixed=True))
        server.files["model-list.json"] = listing(server.files)
        yield server


@pytest.fixture
def site(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A site whose catalogue has the sums of what the publisher has here."""
    content = publisher.files[f"{SMALL}.zip"]
    sums = {"sha256": hashlib.sha256(content).hexdigest()}
    known = {SMALL: replace(official(SMALL), size=len(content), sums=sums)}

    def look_up(name: str) -> OfficialModel:
        return known.get(name) or official(name)

    monkeypatch.setattr(official_models, "official", look_up)
    monkeypatch.setattr(official_models, "official_models", lambda: tuple(known.values()))
    return Settings(data=tmp_path / "data", models=tmp_path / "models", models_url=publisher.url)


def left(site: Settings) -> set[str]:
    return {entry.name for entry in site.models.iterdir()} - {".lock"}


def test_a_model_is_brought_installed_and_used(site: Settings, publisher: Publisher) -> None:
    assert [offer.installed for offer in offers(site)] == [False]
    done: list[int] = []
    got = get(site, SMALL, watch=lambda so_far, _: done.append(so_far))
    assert got == Got(SMALL, site.models / SMALL, already=False, compared=True, used_for=("en",))
    assert left(site) == {SMALL}
    assert done[-1] == len(publisher.files[f"{SMALL}.zip"])
    assert [offer.installed for offer in offers(site)] == [True]


def test_a_model_that_is_here_is_not_brought_again(site: Settings, publisher: Publisher) -> None:
    get(site, SMALL)
    publisher.asked.clear()
    assert get(site, SMALL).already
    assert publisher.asked == []


def test_a_download_goes_on_after_the_line_broke_for_good(site: Settings, publisher: Publisher) -> None:
    publisher.breaks = [100_000, 0]
    with pytest.raises(ModelError, match=r"0.1 MB are kept, the same command goes on"):
        get(site, SMALL)
    assert not any(offer.installed for offer in offers(site))
    get(site, SMALL)
    assert publisher.asked[-1] == (f"{SMALL}.zip", "bytes=100000-")
    assert left(site) == {SMALL}


def test_a_wrong_checksum_installs_nothing_and_throws_the_download_away(site: Settings, publisher: Publisher) -> None:
    content = bytearray(publisher.files[f"{SMALL}.zip"])
    content[1000] ^= 1
    publisher.files[f"{SMALL}.zip"] = bytes(content)
    with pytest.raises(ModelError, match=r"its sha256 is .* thrown away: the same command tries again"):
        get(site, SMALL)
    assert left(site) == set()


def test_a_model_without_a_sum_of_ours_is_compared_with_the_publishers_list(
    site: Settings, publisher: Publisher
) -> None:
    got = get(site, LARGE, force=True)
    assert (got.compared, got.used_for) == (True, ())
    assert publisher.asked[0] == ("model-list.json", "")
    remove(site, LARGE)
    publisher.files["model-list.json"] = listing({f"{LARGE}.zip": publisher.files[f"{LARGE}.zip"][::-1]})
    with pytest.raises(ModelError, match="its md5 is"):
        get(site, LARGE, force=True)
    assert left(site) == set()


def test_a_model_that_takes_no_phrases_is_refused_before_anything_is_asked(
    site: Settings, publisher: Publisher
) -> None:
    with pytest.raises(IvrError, match=r"fixed graph.*--force") as caught:
        get(site, LARGE)
    assert caught.value.code == "error"
    assert publisher.asked == []


def test_a_model_that_takes_no_phrases_is_listed_and_hears_for_nobody(site: Settings) -> None:
    get(site, LARGE, force=True)
    assert {each.name: each.grammar for each in descriptions(site)} == {LARGE: False, BUNDLED_NAME: True}
    assert used(site)["zh"] == BUNDLED / BUNDLED_NAME


def test_a_full_disk_is_found_before_the_download(site: Settings, publisher: Publisher) -> None:
    with pytest.raises(ModelError, match="too little space"):
        get(site, SMALL, free=lambda _: 500_000)
    assert publisher.asked == []


def test_a_disk_that_filled_up_during_the_download_keeps_it(site: Settings, publisher: Publisher) -> None:
    room = iter([PLENTY, 0])
    with pytest.raises(ModelError, match="too little space"):
        get(site, SMALL, free=lambda _: next(room))
    publisher.asked.clear()
    get(site, SMALL)
    assert publisher.asked == []


def test_one_of_two_that_want_the_same_model_at_once_is_told_to_wait(site: Settings) -> None:
    told: list[str] = []

    def second(done: int, total: int) -> None:
        if done == total and not told:
            told.append("")
            thread = threading.Thread(target=attempt)
            thread.start()
            thread.join()

    def attempt() -> None:
        try:
            get(site, SMALL)
        except ModelError as error:
            told[0] = str(error)

    get(site, SMALL, watch=second)
    assert "another `ivr models get`" in told[0]
    assert left(site) == {SMALL}


def test_a_zip_that_was_carried_here_is_compared_and_installed(
    site: Settings, publisher: Publisher, tmp_path: Path
) -> None:
    file = tmp_path / "model (1).zip"
    file.write_bytes(publisher.files[f"{SMALL}.zip"])
    assert get(site, None, file=file).compared
    assert left(site) == {SMALL}
    assert publisher.asked == []
    remove(site, SMALL)
    file.write_bytes(zipped(SMALL, {**model_files(), "README": b"another"}))
    with pytest.raises(ModelError, match="is not the model that was announced"):
        get(site, None, file=file)
    assert file.is_file()
    assert left(site) == set()


def test_a_zip_of_any_other_model_is_installed_and_not_compared(site: Settings, tmp_path: Path) -> None:
    file = tmp_path / "model.zip"
    file.write_bytes(zipped("our-own-zh", model_files()))
    got = get(site, None, file=file)
    assert (got.name, got.compared, got.used_for) == ("our-own-zh", False, ("zh",))
    assert get(site, "our-own-en", file=file).used_for == ("en",)


def test_without_a_name_and_a_zip_there_is_nothing_to_get(site: Settings) -> None:
    with pytest.raises(IvrError, match="name a model"):
        get(site, None)


async def test_a_downloaded_model_opens_in_vosk_and_hears(site: Settings, publisher: Publisher) -> None:
    whole = zip_of(BUNDLED / BUNDLED_NAME, LARGE)
    publisher.files = {f"{LARGE}.zip": whole, "model-list.json": listing({f"{LARGE}.zip": whole})}
    got = get(site, LARGE, force=True)
    assert got.used_for == ("zh",)
    spoken = read_wav(RECORDINGS / "hearing" / "zh-half-past-seven.wav").samples
    with VoskRecogniser({"zh": open_model(got.path, site.data / "models")}, threads=1) as ears:
        utterance = ears.begin("zh", ("早上七点半", "早上八点", "转人工"))
        utterance.feed(spoken, 0)
        assert (await utterance.result()).text == "早上 七点半"


def test_a_removed_model_is_gone_with_its_half_download_and_its_corrected_copies(site: Settings) -> None:
    path = get(site, SMALL).path
    open_model(path, site.data / "models")
    (site.models / f".{SMALL}.zip.part").write_bytes(b"half")
    (site.data / "models" / "another").mkdir()
    remove(site, SMALL)
    assert left(site) == set()
    assert [entry.name for entry in (site.data / "models").iterdir()] == ["another"]
    with pytest.raises(IvrError, match="no model"):
        remove(site, SMALL)


def test_half_a_download_alone_can_be_removed(site: Settings, publisher: Publisher) -> None:
    publisher.breaks = [100_000, 0]
    with pytest.raises(ModelError):
        get(site, SMALL)
    remove(site, SMALL)
    assert left(site) == set()


def test_a_model_that_a_setting_names_stays(site: Settings) -> None:
    path = get(site, SMALL).path
    named = site.model_copy(update={"model_en": path})
    with pytest.raises(IvrError, match="the setting IVR_MODEL_EN names it"):
        remove(named, SMALL)
    assert removable(site, SMALL) == path


def test_the_bundled_model_stays() -> None:
    with pytest.raises(IvrError, match="comes with the program"):
        remove(Settings(models=BUNDLED), BUNDLED_NAME)
    assert (BUNDLED / BUNDLED_NAME).is_dir()


def test_a_folder_that_is_no_model_stays() -> None:
    """The default folder of models holds the code that trains them, too."""
    with pytest.raises(IvrError, match="train is no speech model"):
        remove(Settings(models=BUNDLED), "train")
    assert (BUNDLED / "train").is_dir()


def test_no_name_leads_out_of_the_models_folder(site: Settings) -> None:
    site.models.mkdir()
    with pytest.raises(IvrError, match="cannot be a model's name"):
        remove(site, "../data")


def test_a_setting_that_names_a_model_not_brought_yet_does_not_spoil_what_was(site: Settings) -> None:
    both = {"model_en": site.models / SMALL, "model_zh": site.models / "vosk-model-small-cn-0.22"}
    assert get(site.model_copy(update=both), SMALL).used_for == ("en",)


def test_a_zip_of_a_model_that_is_here_is_left_alone(site: Settings, publisher: Publisher, tmp_path: Path) -> None:
    get(site, SMALL)
    file = tmp_path / "model.zip"
    file.write_bytes(publisher.files[f"{SMALL}.zip"])
    assert get(site, None, file=file).already


def test_a_disk_that_refuses_a_removal_is_told(site: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    get(site, SMALL)

    def refuse(_: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("ivr.speech.install.discard", refuse)
    with pytest.raises(ModelError, match="cannot be removed: Read-only file system"):
        remove(site, SMALL)
