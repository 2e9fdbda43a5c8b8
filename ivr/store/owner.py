"""Which process began a call, and whether that process still lives: after a crash its calls must not stay open."""

from __future__ import annotations

import os
import uuid
from enum import StrEnum
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_STRANGER = f"unknown-{uuid.uuid4().hex[:12]}"


class Life(StrEnum):
    """What can be told of another process."""

    ALIVE = "alive"
    DEAD = "dead"
    UNKNOWN = "unknown"
    """another container of this machine, or a system without /proc"""


def this_process() -> str:
    """`boot/namespace/pid/start`: never the same for two processes (facts/durability.md, step 5)."""
    pid = os.getpid()
    boot, namespace = _place()
    return f"{boot}/{namespace}/{pid}/{_start(pid)}"


def life_of(owner: str) -> Life:
    """Whether the process of `owner` runs; for a database that lies on one machine, so another boot is an older one."""
    here = _place()
    boot, namespace, pid, start = (owner.split("/") + [""] * 4)[:4]
    if owner == this_process():
        return Life.ALIVE
    if _STRANGER in here or boot.startswith("unknown") or not pid.isdigit():
        return Life.UNKNOWN
    if boot != here[0]:
        return Life.DEAD
    if namespace != here[1]:
        return Life.UNKNOWN
    return Life.ALIVE if _start(int(pid)) == start else Life.DEAD


def _place() -> tuple[str, str]:
    """Boot of this machine, and the namespace that our process numbers belong to."""
    try:
        return _BOOT.read_text(encoding="ascii").strip(), str(_NAMESPACE.readlink()).removeprefix("pid:")
    except OSError:
        return _STRANGER, _STRANGER


def _start(pid: int) -> str:
    """When process `pid` began, in clock ticks since boot; empty where it does not run (proc(5), stat, field 22)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    # a zombie runs no more
    return "" if fields[0] in {"Z", "X"} else fields[19]
