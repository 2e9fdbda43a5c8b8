"""Tables for people: messages, what was erased, who took records out."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ivr.records import AuditEntry, Message, MessageStatus
from ivr.screen import columns, local
from ivr.store.retention import Purged
from ivr.terminal import WRONG


def messages(found: tuple[Message, ...], zone: ZoneInfo) -> Table:
    """Messages, one a line."""
    return columns(
        {
            "message": each.id,
            "left": local(each.created, zone),
            "for": f"{each.kind} {each.addressee}",
            "phone": each.phone,
            "language": each.language,
            "seconds": f"{each.seconds:.1f}",
            "": Text("urgent", style=WRONG) if each.urgent else "",
            "status": Text(each.status.value, style="bold" if each.status is MessageStatus.NEW else ""),
        }
        for each in found
    )


def message(one: Message, file: Path | None, zone: ZoneInfo) -> RenderableType:
    """One message with all that is known of it; `file` is its sound, if it has one."""
    heard = f"heard {local(one.heard_at, zone)}" if one.heard_at else "not heard yet"
    clip = f" · who called: {one.caller_clip}" if one.caller_clip else ""
    return Group(
        messages((one,), zone),
        Text(f"{heard} · {f'call {one.call_id}' if one.call_id else 'no call'}{clip}"),
        Text("no sound: to be called back" if file is None else str(file)),
    )


def purged(found: Purged, *, dry_run: bool) -> Text:
    """How many of what were erased."""
    verb = "would be erased" if dry_run else "erased"
    return Text(
        f"{verb}: {found.messages} messages ({found.unheard} never heard), {found.recordings} recordings,"
        f" {found.calls} calls, {found.wakeups} wake-up calls, {found.strays} sounds without a message"
    )


def audit(found: tuple[AuditEntry, ...], zone: ZoneInfo) -> Table:
    """What was done with records, one a line."""
    return columns(
        {
            "at": local(each.at, zone),
            "who": each.who,
            "did": each.action,
            "with": each.detail,
            "rows": str(each.rows),
        }
        for each in found
    )
