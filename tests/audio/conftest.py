from __future__ import annotations

from hypothesis import settings

# a busy machine may take its time over one example; pytest's own limits watch over hangs
settings.register_profile("unhurried", deadline=None, max_examples=50)
settings.load_profile("unhurried")
