"""python -m models.train: run (everything), export, graph, heldout, evaluate, curve."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from rich.console import Console

from ivr.errors import IvrError
from ivr.speech.building.costs import Costs
from ivr.speech.building.graph import build_graph
from ivr.speech.building.seal import seal
from models.train.export import Scoring, export
from models.train.figures import CALLERS, Exam, figures
from models.train.vocabulary import house_words, vocabulary


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 with a sentence on what to mend, or 130 after Ctrl-C: the next run goes on from there."""
    given = _parser().parse_args(arguments)
    console = Console(stderr=False)
    try:
        given.work(given, console)
    except IvrError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped; the same command goes on from here\n")
        return 130
    return 0


def _run(given: argparse.Namespace, console: Console) -> None:
    # only a training needs all of its packages
    from models.train.pipeline import FULL, QUICK, check_folder, run  # noqa: PLC0415
    from models.train.train import Length, Machine  # noqa: PLC0415

    check_folder(given.folder)
    chosen = QUICK if given.quick else FULL
    if given.hours is not None:
        chosen = dataclasses.replace(chosen, length=Length(hours=given.hours), minutes=given.hours * 60)
    machine = Machine(threads=given.threads, workers=given.workers)
    console.print(f"model in {run(given.folder, chosen, console, machine=machine, jobs=given.jobs)}")


def _export(given: argparse.Namespace, console: Console) -> None:
    export(given.checkpoint, given.model, Scoring(given.prior_scale, given.blank_offset))
    seal(given.model)
    console.print(f"{given.model / 'am/final.mdl'}; next: python -m models.train graph {given.model}")


def _graph(given: argparse.Namespace, console: Console) -> None:
    costs = Costs(**{field.name: getattr(given, field.name) for field in dataclasses.fields(Costs)})
    count = build_graph(given.model, vocabulary(given.words), costs, asked=house_words())
    seal(given.model)
    console.print(f"{given.model / 'graph'}: {count} words")


def _heldout(given: argparse.Namespace, console: Console) -> None:
    # voices need packages that are for figures only
    from models.train.heldout import fill, roles  # noqa: PLC0415

    wanted = roles("tune" if given.tuning else "test", tuple(given.voice))
    fill(wanted, given.folder, given.cache or given.folder / "cache", console)


def _evaluate(given: argparse.Namespace, console: Console) -> None:
    exam = Exam(
        corpus=given.corpus,
        callers=None if given.no_callers else given.callers,
        digits=given.digits,
        takes=given.takes,
        syllables=given.syllables,
        part=given.split,
        every=given.every,
        robust=given.robust,
        pocketsphinx=given.pocketsphinx,
    )
    figures(given.model, exam, given.results or given.model.parent / f"{given.model.name}.results.jsonl", console)


def _curve(given: argparse.Namespace, console: Console) -> None:
    # only a training needs all of its packages
    from ivr.bench.exam.pictures import check  # noqa: PLC0415
    from models.train.curve import Course, curve, draw, show  # noqa: PLC0415

    # an hour of training comes before the picture
    check()
    exam = Exam(given.heldout, callers=None, digits=given.digits, takes=given.takes, every=given.every)
    points = curve(Course(given.corpus, exam, given.folder, given.steps), given.parts, console)
    show(points, console)
    console.print(draw(points, given.folder / "curve.png"))


def _count(text: str) -> int:
    """At least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, got {text!r}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.train", description="Makes the bundled speech model.")
    commands = parser.add_subparsers(required=True)
    _add_run(commands)
    make = commands.add_parser("export", help="checkpoint → am/ and conf/ of a model")
    make.set_defaults(work=_export)
    make.add_argument("checkpoint", type=Path, help="state.pt, or the folder that holds it")
    make.add_argument("model", type=Path, help="the model's folder; its name tells the languages: …-zh-en")
    make.add_argument("--prior-scale", type=float, default=Scoring.prior_scale)
    make.add_argument("--blank-offset", type=float, default=Scoring.blank_offset)
    graph = commands.add_parser("graph", help="vocabulary → graph/ of a model")
    graph.set_defaults(work=_graph)
    graph.add_argument("model", type=Path)
    graph.add_argument("words", nargs="*", help="a site's own words beside ours")
    for field in dataclasses.fields(Costs):
        graph.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default)
    _add_heldout(commands)
    _add_evaluate(commands)
    _add_curve(commands)
    return parser


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    everything = commands.add_parser("run", help="speech → training → model → figures; goes on where it was stopped")
    everything.set_defaults(work=_run)
    everything.add_argument("--folder", type=Path, default=Path("build/model"))
    everything.add_argument("--quick", action="store_true", help="minutes instead of a day: shows that it works")
    everything.add_argument(
        "--hours", type=float, help="of training, all runs together; on an accelerator, of its one run"
    )
    everything.add_argument("--jobs", type=int, default=2, help="engines that speak side by side")
    everything.add_argument("--threads", type=int, default=1, help="of the network")
    everything.add_argument("--workers", type=int, default=1, help="processes that make batches")


def _add_heldout(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    voices = commands.add_parser("heldout", help="speech to examine models on, by voices that none learns from")
    voices.set_defaults(work=_heldout)
    voices.add_argument("folder", type=Path, help="the corpus")
    voices.add_argument("--voice", action="append", default=[], help="only this one; may be given again")
    voices.add_argument("--tuning", action="store_true", help="other voices and texts, to choose constants on")
    voices.add_argument("--cache", type=Path, help="where joined models are kept; default: folder/cache")


def _add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    exam = commands.add_parser("evaluate", help="figures of a model through unmodified Vosk")
    exam.set_defaults(work=_evaluate)
    exam.add_argument("model", type=Path)
    exam.add_argument(
        "--corpus", type=Path, help="speech whose test voices are examined (python -m models.train heldout)"
    )
    exam.add_argument("--split", choices=("test", "tune"), default="test", help="tune: constants are chosen on it")
    exam.add_argument("--callers", type=Path, default=CALLERS)
    exam.add_argument("--no-callers", action="store_true")
    exam.add_argument("--digits", type=Path, help="human digits, {digit}_{speaker}_{n}.wav")
    exam.add_argument("--takes", type=int, default=0, help="of each human speaker and digit; default: all")
    exam.add_argument("--syllables", type=Path, help="human Mandarin syllables, {pinyin}{tone}.wav")
    exam.add_argument("--every", type=_count, default=1, help="only every n-th trial")
    lines = "more lines: 5 dB, -10 and -45 dBFS, A-law, GSM, loss; slow and fast speech"
    exam.add_argument("--robust", action="store_true", help=lines)
    exam.add_argument("--pocketsphinx", action="store_true", help="its English model beside ours")
    exam.add_argument("--results", type=Path, help="where each single result goes, as JSON lines")


def _add_curve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    made = commands.add_parser("curve", help="what more speech would bring: trainings on parts of a corpus, examined")
    made.set_defaults(work=_curve)
    made.add_argument("corpus", type=Path, help="speech to learn from")
    made.add_argument("heldout", type=Path, help="speech to examine on (python -m models.train heldout)")
    made.add_argument("folder", type=Path, help="where the models go, and curve.png")
    made.add_argument("--parts", type=_count, nargs="+", default=[8, 4, 2, 1], help="one clip in so many")
    made.add_argument("--steps", type=_count, default=1200, help="of every training: 28 seconds of speech each")
    made.add_argument("--digits", type=Path, help="human digits, {digit}_{speaker}_{n}.wav")
    made.add_argument("--takes", type=int, default=0, help="of each human speaker and digit; default: all")
    made.add_argument("--every", type=_count, default=1, help="only every n-th trial")


if __name__ == "__main__":
    sys.exit(main())
