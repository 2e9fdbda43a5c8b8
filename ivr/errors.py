"""The errors that we raise: few, each with a stable code for scripts and for the operator's console."""

from __future__ import annotations

from pathlib import Path


class IvrError(Exception):
    """Something that a person can mend; `code` is stable, the message names what to do.

    `where` is a file, or `file:line`, when the fault lies in one.
    """

    code = "error"

    def __init__(self, message: str, *, where: str | Path | None = None) -> None:
        self.where = None if where is None else str(where)
        super().__init__(message if self.where is None else f"{self.where}: {message}")


class SettingsError(IvrError):
    """A setting whose value cannot be used."""

    code = "settings"


class AudioError(IvrError):
    """A sound file or a stretch of samples that cannot be used."""

    code = "audio"


class ModelError(IvrError):
    """A speech model that is missing, broken, or lacks a word."""

    code = "model"


class VoiceError(IvrError):
    """Speech could not be synthesised."""

    code = "voice"


class RecognitionError(IvrError):
    """The recogniser refused a grammar or failed on audio."""

    code = "recognition"


class FlowError(IvrError):
    """A flow, a prompt catalogue or a scenario that cannot be used; `where` is file:line."""

    code = "flow"


class StoreError(IvrError):
    """The database refused, is locked, full or of another version. Nothing was acknowledged."""

    code = "store"


class DeviceError(IvrError):
    """A sound device, or the library for them, that this machine lacks."""

    code = "device"


class CallerHungUp(IvrError):
    """The caller ended the call."""

    code = "caller_hung_up"


class WeHungUp(IvrError):
    """The channel was used after we ended the call."""

    code = "we_hung_up"


class LineBroke(IvrError):
    """The channel failed: neither side hung up."""

    code = "line_broke"
