from __future__ import annotations

from pathlib import Path

import pytest

from ivr.config import Settings
from ivr.demo import DEMO, SCENARIOS, demo_scenarios, demo_settings
from ivr.errors import FlowError


def test_the_demo_has_its_scenarios() -> None:
    assert [str(path.relative_to(SCENARIOS).with_suffix("")) for path in demo_scenarios()] == list(DEMO)
    assert len(DEMO) == 8


def test_too_few_scenarios_are_no_demo(tmp_path: Path) -> None:
    (tmp_path / f"{DEMO[0]}.yaml").touch()
    with pytest.raises(FlowError, match="are not here"):
        demo_scenarios(tmp_path)


def test_the_demo_is_the_same_at_every_site(tmp_path: Path) -> None:
    site = Settings(data=tmp_path, house_en="Elsewhere", rooms="1-3", threads=3)
    demo = demo_settings(site)
    assert demo.data == tmp_path
    assert demo.threads == 3
    assert demo == Settings(data=tmp_path, threads=3)
