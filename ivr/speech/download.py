"""A file from an HTTP server to the disk: bit by bit, going on where it stopped, each failure told in one sentence."""

from __future__ import annotations

import contextlib
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from ivr.errors import ModelError

Watch = Callable[[int, int], None]
"""(bytes so far, bytes in all)"""

PATIENCE = 30.0
"""seconds without a byte until a server counts as gone"""

TRIES = 3
"""connections for one file, each going on where the last one broke"""

BLOCK = 1 << 16
LIST_BYTES = 1 << 20
"""more than any list of models takes"""

OK, PARTIAL, OUT_OF_RANGE = 200, 206, 416
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_BROKEN = (OSError, http.client.HTTPException)
"""what urllib raises; faults of the disk are told apart in `_disk`"""


def small_file(url: str) -> bytes:
    """A file of at most 1 MB; ModelError when it does not come."""
    try:
        with _open(url, {}) as response:
            return bytes(response.read(LIST_BYTES))
    except _BROKEN as error:
        raise _failure(url, error) from error


def fetch(url: str, part: Path, size: int, watch: Watch) -> None:
    """Bring the file of `size` bytes to `part`, after what an earlier try left there.

    What came so far stays for the next time, also after Ctrl-C. It is thrown away when the server's file is another
    one now, or the server can only begin anew. Raises ModelError.
    """
    for left in reversed(range(TRIES)):
        have = _length(part)
        if have == size:
            return
        try:
            _go_on(url, part, have if have < size else 0, size, watch)
        except _BROKEN as error:
            if left == 0 or isinstance(error, urllib.error.HTTPError) or _length(part) <= have:
                goes_on = mark_of(part).is_file() and mark_of(part).stat().st_size > 0
                raise _failure(url, error, kept=_length(part) if goes_on else 0) from error


def mark_of(part: Path) -> Path:
    """Beside half a file: which version of the server's file it is the half of."""
    return part.with_name(f"{part.name}.version")


def _go_on(url: str, part: Path, have: int, size: int, watch: Watch) -> None:
    """Append what one connection brings; ConnectionError when that is less than the rest."""
    with _ask(url, part, have) as response:
        start = _start(response, have)
        total = start + _content_length(response, size - start)
        if total != size:
            raise ModelError(f"the server has a file of {total} bytes, but {size} were announced", where=url)
        with _disk(part):
            mark_of(part).write_text(_version(response), encoding="utf-8")
            file = part.open("r+b" if start else "wb")
        with file:
            file.seek(start)
            file.truncate()
            watch(start, size)
            while start < size and (block := response.read1(min(BLOCK, size - start))):
                with _disk(part):
                    file.write(block)
                    # flushed, so that Ctrl-C and a full disk leave what is counted
                    file.flush()
                start += len(block)
                watch(start, size)
    if start < size:
        raise ConnectionError(f"the line broke after {start} of {size} bytes")


def _ask(url: str, part: Path, have: int) -> http.client.HTTPResponse:
    """The rest from `have` on, if the server's file is still the same; else, and for a new file, all of it."""
    mark = mark_of(part)
    with _disk(part, "read"):
        version = mark.read_text(encoding="utf-8") if mark.is_file() else ""
    if not (have and version):
        return _open(url, {})
    try:
        response = _open(url, {"Range": f"bytes={have}-", "If-Range": version})
    except urllib.error.HTTPError as error:
        if error.code != OUT_OF_RANGE:
            raise
        return _open(url, {})
    if response.status == PARTIAL and (_version(response) != version or _start(response, have) != have):
        # a server that knows Range but not If-Range gives the rest of another file
        response.close()
        return _open(url, {})
    return response


def _start(response: http.client.HTTPResponse, have: int) -> int:
    """The place in the file that the response begins at; below 0 when a part comes without saying which."""
    if response.status != PARTIAL:
        return 0
    match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    return int(match[1]) if match else -1 - have


def _content_length(response: http.client.HTTPResponse, otherwise: int) -> int:
    told = response.headers.get("Content-Length", "")
    return int(told) if told.isdecimal() else otherwise


def _version(response: http.client.HTTPResponse) -> str:
    """What tells this version of the file from others; a weak ETag does not."""
    tag = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified", "")


def _open(url: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    # the setting admits http and https only (config.py)
    request = urllib.request.Request(url, headers={"User-Agent": "ivr-front-desk", **headers})  # noqa: S310
    response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=PATIENCE)  # noqa: S310
    return response


@contextlib.contextmanager
def _disk(part: Path, done: str = "written") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelError(f"cannot be {done}: {error.strerror or error}", where=part) from error


def _length(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _failure(url: str, error: Exception, kept: int = 0) -> ModelError:
    if isinstance(error, urllib.error.HTTPError):
        return ModelError(f"the server answers {error.code} {error.reason}: look at IVR_MODELS_URL", where=url)
    reason = getattr(error, "reason", None) or str(error) or type(error).__name__
    told = f"; {kept / 1e6:.1f} MB are kept, the same command goes on from there" if kept else ""
    return ModelError(
        f"nothing comes from {urlsplit(url).hostname} ({reason}){told}. The desk works without it. To install a model "
        "without a network, bring its zip here and say `ivr models get --from FILE.zip`"
    )
