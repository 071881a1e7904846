"""The command line."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn

from boursomatic_training.card import TRIED, write_card
from boursomatic_training.dataset import read_frame
from boursomatic_training.errors import BadInputError
from boursomatic_training.experiments import run_experiments
from boursomatic_training.features import FEATURES, VOLATILITY_FEATURE
from boursomatic_training.frame import Frame, columns_of
from boursomatic_training.incumbent import read_incumbent
from boursomatic_training.labels import HORIZON, make_examples
from boursomatic_training.pipeline import RunOptions, run_training
from boursomatic_training.progress import Progress, stderr_progress
from boursomatic_training.release import check_release_directory
from boursomatic_training.universe import UNIVERSE_SIZE, Membership, read_membership
from boursomatic_training.walkforward import plan_walk_forward

__all__ = ["entry_point", "main"]

_DATABASE_URL: Final = "DATABASE_URL"
_BAD_INPUT: Final = 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInputError(message)


def _version(text: str) -> str:
    if not re.fullmatch(r"v[0-9]+\.[0-9]+\.[0-9]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form v1.2.3")
    return text


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form 2026-01-31T12:00:00Z") from error


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return parse


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="boursomatic_training", description="Train the models of Boursomatic.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser(
        "train",
        allow_abbrev=False,
        help="train both models and write a release",
        description=f"Train on the view model_inputs of the database in {_DATABASE_URL} and write a release.",
    )
    train.add_argument("--out", required=True, type=Path, metavar="DIR", help="release directory; new or empty")
    train.add_argument("--version", required=True, type=_version, help="version of the model, such as v0.1.0")
    train.add_argument("--seed", type=_whole(0, 2**31 - 1), default=7, help="default 7")
    train.add_argument(
        "--membership",
        type=Path,
        metavar="FILE",
        help=f"month,symbol,rank (CSV or .gz): the universe of a month is its symbols of rank {UNIVERSE_SIZE} or less;"
        " default: every instrument, always",
    )
    train.add_argument(
        "--trained-at", type=_instant, metavar="TIME", help="recorded as the time of training (UTC); default now"
    )
    train.add_argument(
        "--work", type=Path, metavar="DIR", help="also write the LightGBM models and rows with predictions here"
    )
    train.add_argument("--incumbent", type=Path, metavar="DIR", help="a release to compare with on the same test rows")
    train.add_argument("--card", type=Path, metavar="FILE", help="also write the model card and its figures here")
    _add_card_options(train)
    experiments = commands.add_parser(
        "experiments",
        allow_abbrev=False,
        help="measure variants of the recipe",
        description=f"Measure variants of the recipe on the database in {_DATABASE_URL} and print a Markdown table.",
    )
    experiments.add_argument("--membership", type=Path, metavar="FILE", help="as for train")
    experiments.add_argument("--seed", type=_whole(0, 2**31 - 1), default=7, help="default 7")
    experiments.add_argument(
        "--every", type=_whole(1, 60), default=5, help="each fit learns from every Nth day; default 5", metavar="N"
    )
    card = commands.add_parser(
        "card",
        allow_abbrev=False,
        help="write the model card of a release",
        description="Write the model card of a release from its manifest, with two figures.",
    )
    card.add_argument("--model", required=True, type=Path, metavar="DIR", help="directory of the release")
    card.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="the card (Markdown); an existing file is replaced"
    )
    _add_card_options(card)
    return parser


def _add_card_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--figures", type=Path, metavar="DIR", help="folder of the card's figures; default figures next to the card"
    )
    parser.add_argument(
        "--command", dest="made_by", metavar="TEXT", help="the command that made the release, for the card"
    )
    parser.add_argument(
        "--tried",
        type=Path,
        default=TRIED,
        metavar="FILE",
        help="rejected experiments in Markdown, copied into the card",
    )


def _check_work_directory(work: Path, *, out: Path) -> None:
    if work.resolve().is_relative_to(out.resolve()):
        raise BadInputError(f"--work {work} is inside --out {out}, which may hold only the release")
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"--work {work}: {error.strerror or error}") from error
    if not os.access(work, os.W_OK):
        raise BadInputError(f"--work {work}: can't be written to")


def _write_card(chosen: argparse.Namespace, *, model: Path, out: Path) -> None:
    figures = chosen.figures or out.parent / "figures"
    write_card(model, out=out, figures=figures, command=chosen.made_by, tried=chosen.tried)


def _database_url(environment: Mapping[str, str]) -> str:
    url = environment.get(_DATABASE_URL, "")
    if not url:
        raise BadInputError(
            f"{_DATABASE_URL} is not set; set it to the address of a Postgres with the view model_inputs"
        )
    return url


def _membership(chosen: argparse.Namespace) -> Membership | None:
    return None if chosen.membership is None else read_membership(chosen.membership)


def _read(url: str, membership: Membership | None, progress: Progress) -> Frame:
    progress("reading model_inputs")
    return read_frame(url, columns=columns_of([*FEATURES, VOLATILITY_FEATURE]), membership=membership)


def _experiments(chosen: argparse.Namespace, *, environment: Mapping[str, str]) -> None:
    progress = stderr_progress()
    examples = make_examples(_read(_database_url(environment), _membership(chosen), progress))
    plan = plan_walk_forward(examples, embargo=HORIZON)
    table = run_experiments(examples, plan, every=chosen.every, seed=chosen.seed, progress=progress)
    sys.stdout.write(f"{table}\n")


def _train(chosen: argparse.Namespace, *, environment: Mapping[str, str], now: datetime) -> None:
    database_url = _database_url(environment)
    check_release_directory(chosen.out)
    if chosen.work is not None:
        _check_work_directory(chosen.work, out=chosen.out)
    if chosen.card is not None and not chosen.tried.is_file():
        raise BadInputError(f"--tried {chosen.tried}: is not a file, but the card needs it")
    incumbent = None if chosen.incumbent is None else read_incumbent(chosen.incumbent)
    membership = _membership(chosen)
    options = RunOptions(
        out=chosen.out,
        version=chosen.version,
        trained_at=chosen.trained_at or now,
        seed=chosen.seed,
        universe=None if membership is None else UNIVERSE_SIZE,
        work=chosen.work,
        incumbent=incumbent,
    )
    progress = stderr_progress()
    run_training(_read(database_url, membership, progress), options, progress=progress)
    if chosen.card is not None:
        _write_card(chosen, model=chosen.out, out=chosen.card)


def main(arguments: Sequence[str], *, environment: Mapping[str, str], now: datetime) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str
        Without the program's name.
    environment : mapping
        With DATABASE_URL for training.
    now : datetime
        In UTC.

    Returns
    -------
    int
        0 on success; 2 if the input can't be used, with the reason in one line on stderr.
    """
    try:
        chosen = _parser().parse_args(arguments)
        if chosen.command == "card":
            _write_card(chosen, model=chosen.model, out=chosen.out)
        elif chosen.command == "experiments":
            _experiments(chosen, environment=environment)
        else:
            _train(chosen, environment=environment, now=now)
    except BadInputError as error:
        sys.stderr.write(f"boursomatic_training: {error}\n")
        return _BAD_INPUT
    return 0


def entry_point() -> NoReturn:
    """Run the command line of this process."""
    sys.exit(main(sys.argv[1:], environment=os.environ, now=datetime.now(UTC)))
