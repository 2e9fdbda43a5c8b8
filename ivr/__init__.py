"""An offline voice front desk: it answers a hotel's or an office's telephone in Chinese and English."""

from __future__ import annotations

__version__ = "0.1.0"
