"""Exit codes, and how a person or a script is told that a command failed."""

from __future__ import annotations

import json
import traceback

import typer

from ivr.errors import IvrError

FOUND, BAD_INPUT, LACKING, OUR_FAULT = 1, 2, 3, 4
"""as EPILOG tells; Ctrl-C is typer's 130"""

EXITS = {
    **dict.fromkeys(("model", "voice", "recognition", "store", "device"), LACKING),
    "line_broke": FOUND,
}
"""exit code of an error; the others are bad input"""

EPILOG = """\b
Exit codes:
  0    all is well
  1    something was found wrong: a call ended otherwise, a check failed
  2    wrong usage, or a file or setting that cannot be used
  3    the machine or the site lacks something: model, voice, database
  4    a fault of this program itself
  130  stopped by Ctrl-C

Every setting is an IVR_… variable or a line of the file that --settings names. Example: ivr demo"""


def wrong_usage(error: typer.TyperException, *, as_json: bool) -> int:
    """Tell how the command line was wrong; gives the exit code."""
    show = getattr(error, "show", None)
    if show is not None:
        show()
    else:
        _red(error.format_message())
    if as_json:
        _error_json("usage", error.format_message(), None)
    return BAD_INPUT


def failed(error: Exception, *, as_json: bool, verbose: bool) -> int:
    """Tell in one line why a command failed; gives the exit code. `verbose` adds where in the program."""
    cause = _cause(error)
    if isinstance(cause, IvrError):
        code, name, message, where = EXITS.get(cause.code, BAD_INPUT), cause.code, str(cause), cause.where
    else:
        message = (
            f"a fault of ours: {type(cause).__name__}: {cause}; `ivr --verbose …` tells more, please send it to us"
        )
        code, name, where = OUR_FAULT, "fault", None
    if verbose:
        traceback.print_exception(error)
    _red(message)
    if as_json:
        _error_json(name, message, where)
    return code


def _cause(error: BaseException) -> BaseException:
    """The first error of a group: tasks that ran together report together."""
    return _cause(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _red(message: str) -> None:
    from ivr.terminal import print_error  # noqa: PLC0415 - rich is needed only when something is wrong

    print_error(message)


def _error_json(code: str, message: str, where: str | None) -> None:
    error = {"code": code, "message": message, "where": where}
    typer.echo(json.dumps({"error": error}, ensure_ascii=False))
