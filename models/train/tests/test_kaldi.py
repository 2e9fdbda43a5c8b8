from __future__ import annotations

import numpy as np

from models.train.kaldi import double, field, integer, integers, matrix, single, vector


def test_numbers_carry_their_size() -> None:
    assert integer(-2) == b"\x04\xfe\xff\xff\xff"
    assert single(1.0) == b"\x04\x00\x00\x80\x3f"
    assert double(1.0) == b"\x08" + b"\x00" * 6 + b"\xf0\x3f"


def test_integers_have_one_size_byte_for_all() -> None:
    assert integers([1, -1]) == integer(2) + b"\x01\x00\x00\x00\xff\xff\xff\xff"


def test_vectors_and_matrices_are_floats_row_by_row() -> None:
    assert vector([1.0]) == b"FV \x04\x01\x00\x00\x00\x00\x00\x80\x3f"
    turned = np.array([[0.0, 0.0], [1.0, 0.0]]).T
    assert matrix(turned) == b"FM " + integer(2) + integer(2) + np.array([0, 1, 0, 0], "<f4").tobytes()


def test_an_empty_vector_stands_for_missing_statistics() -> None:
    assert field("ValueAvg", vector([])) == b"<ValueAvg> FV \x04\x00\x00\x00\x00"
