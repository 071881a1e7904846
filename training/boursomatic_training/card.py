"""The model card: Markdown from a release's manifest, with two figures.

Equal manifests give equal bytes. The section on experiments is written by hand in ``card/tried.md`` next to
this package, and copied unchanged.
"""

import os
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from boursomatic_training.errors import BadInputError
from boursomatic_training.figures import FOLDS_FIGURE, RELIABILITY_FIGURE, draw_folds, draw_reliability
from boursomatic_training.release import read_release

__all__ = ["TRIED", "card_text", "write_card"]

TRIED: Final = Path(__file__).parent.parent / "card" / "tried.md"
"""Part of the checkout, not of an installed package."""


def _number(value: Any, digits: int = 4) -> str:
    return "not measured" if value is None else f"{value:.{digits}f}"


def _interval(bounds: list[float] | None) -> str:
    return "" if bounds is None else f" [{bounds[0]:.4f}, {bounds[1]:.4f}]"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


_OUTCOMES: Final = {
    "e5": "5 days beyond factors (decides)",
    "n5": "5 days, neutral",
    "n20": "20 days, neutral",
    "raw20": "20 days, raw",
}

_BASELINES: Final = {
    "momentum_12_1": "12-1 momentum",
    "short_term_reversal": "monthly reversal",
    "weekly_reversal": "weekly reversal",
}

_TOPS: Final = {"top_2_excess": "best 2%", "top_5_excess": "best 5%", "top_10_excess": "best 10%"}


def _measured(measure: dict[str, Any]) -> str:
    return _number(measure["value"]) + _interval(measure["interval"])


def _percent(measure: dict[str, Any]) -> str:
    if measure["value"] is None:
        return "not measured"
    low, high = measure["interval"] or (None, None)
    bounds = "" if low is None or high is None else f" [{low:+.2%}, {high:+.2%}]"
    return f"{measure['value']:+.2%}{bounds}"


def _is_above(measure: dict[str, Any], level: float = 0.0) -> bool:
    return measure["interval"] is not None and measure["interval"][0] > level


def _lines(lines: list[str]) -> str:
    return "\n".join(textwrap.fill(f"- {line}", 118, subsequent_indent="  ", break_on_hyphens=False) for line in lines)


def _summary(manifest: dict[str, Any]) -> str:
    """Say first what the model can and cannot tell, from its figures."""
    metrics = manifest["metrics"]
    e5, auc, skill = metrics["e5_rank_ic"], metrics["direction_auc"], metrics["direction_brier_skill"]
    lines = [
        f"It ranks the stocks of a day {'a little' if _is_above(e5) else 'no'} better than chance. Its order and the "
        f"returns beyond common factors agree at {_measured(e5)}, where 0 is chance and 1 is perfect.",
        f"Of two stocks that both move a lot, it names the better one in {_number(auc['value'] * 100, 1)} of 100 "
        "pairs; a coin names 50. "
        + (
            "Its chances of up are better than a coin's."
            if _is_above(skill)
            else "Its chances of up are not shown to be better than a coin's."
        ),
        "It tells how large a move will be better than its direction: "
        f"{_share_of_move(metrics):.0%} of the gain of its probabilities is telling quiet from volatile.",
        *(
            f"After costs of {metrics['cost_bps']:g} basis points, its {text} of a day's stocks earned "
            f"{_percent(metrics[f'{name}_after_costs'])} more than the average stock over {manifest['horizonDays']} "
            f"days. {'An edge is shown.' if _is_above(metrics[f'{name}_after_costs']) else 'No edge is shown yet.'}"
            for name, text in _TOPS.items()
        ),
        "It cannot tell how the market as a whole will move. It knows only prices and volumes.",
        "It is made for US stocks. Its calls for other markets are not validated.",
        f"It knows nothing that came after {manifest['training']['dataTo']}, the last day of its training data.",
    ]
    return _lines(lines)


def _share_of_move(metrics: dict[str, Any]) -> float:
    move, direction = (metrics[f"log_loss_gain_{part}"]["value"] for part in ("move", "direction"))
    whole = float(move + direction)
    return float(move) / whole if whole > 0 else 1.0


def _what(manifest: dict[str, Any]) -> str:
    training, horizon = manifest["training"], manifest["horizonDays"]
    return (
        f"Two LightGBM models over daily bars of stocks. One gives a score, made neutral to "
        f"{_names(manifest['neutralTo'])} within the day, which ranks the stocks of a day. The other gives the "
        f"chance of a large move over the next {horizon} trading days. A calibration turns the score into the "
        "chance of up rather than down, and into an expected return less that of the average stock. "
        f"They were trained at {manifest['trainedAt']} with seed "
        f"{training['seed']}. The hash of the parameters begins with `{manifest['paramsHash'][:12]}`."
    )


def _names(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def _data(manifest: dict[str, Any]) -> str:
    training, metrics = manifest["training"], manifest["metrics"]
    size = training["universeSize"]
    universe = (
        "every instrument of the data, on every day"
        if size is None
        else f"the {size:,} most traded stocks of each month, as known at its beginning, as far as the data have them"
    )
    return _lines(
        [
            f"Universe: {universe}.",
            f"The release was trained on {training['rows']:,} rows of {training['instruments']:,} instruments, "
            f"{training['from']} to {training['to']}. Its data end on {training['dataTo']}.",
            f"It was measured on {metrics['rows']:,} rows of {metrics['days']:,} days, {training['testFrom']} to "
            f"{training['testTo']}, by models trained and calibrated only on earlier days: about "
            f"{metrics['rows_per_day']:.0f} stocks a day.",
            "A row is one instrument on one day. Rows that lack an input or a complete horizon are left out.",
        ]
    )


def _label(manifest: dict[str, Any]) -> str:
    shares = ", ".join(f"{name} {share:.1%}" for name, share in manifest["baseRates"].items())
    factors = manifest["factors"]
    return (
        f"A label compares a stock's next {manifest['horizonDays']} trading days with those of the other stocks of its "
        f"day. This is the exact definition:\n\n> {manifest['label']['description']}\n\n"
        f"Shares in the training rows: {shares}.\n\n"
        f"The score learns something else: the ranks of the next {manifest['shortHorizonDays']} and "
        f"{manifest['horizonDays']} days' returns beyond {factors['components']} statistical factors, in units of the "
        f"stock's volatility. The factors are principal components of the last {factors['windowDays']} days, estimated "
        "on the first day of a month and applied to the days of that month. "
        "`training/boursomatic_training/factors.py` has the formula."
    )


def _features(manifest: dict[str, Any]) -> str:
    names = textwrap.fill(", ".join(f"`{name}`" for name in manifest["features"]), 118, break_on_hyphens=False)
    return (
        f"The models read {len(manifest['features'])} inputs, in this order: ranks within the day of columns that "
        f"`functions/features/definitions.ts` explains.\n\n{names}"
    )


def _folds(manifest: dict[str, Any], figure: str) -> str:
    training = manifest["training"]
    rows = [
        [
            str(number),
            f"{fold['train_from']} to {fold['train_to']}",
            f"{fold['test_from']} to {fold['test_to']}",
            "measured" if fold["measured"] else "calibrates only",
        ]
        for number, fold in enumerate(manifest["metrics"]["folds"], start=1)
    ]
    rows.append(["release", f"{training['from']} to {training['to']}", "", ""])
    return "\n\n".join(
        [
            f"The test is a purged walk-forward: each fold trains on all days before its test slice, less an embargo "
            f"of {training['embargoDays']} trading days. Rows whose label overlaps the test slice are dropped. A "
            f"slice is calibrated on the predictions of the slices before it; the first "
            f"{training['folds'] - training['foldsMeasured']} slices only calibrate.",
            f"![The slices of each fold on a time axis]({figure})",
            _table(["fold", "train", "test", ""], rows),
        ]
    )


def _metrics(manifest: dict[str, Any]) -> str:
    metrics, bootstrap = manifest["metrics"], manifest["metrics"]["bootstrap"]
    baselines = metrics["baselines"]

    def table(names: dict[str, str], text: Callable[[dict[str, Any]], str]) -> str:
        rows = [
            [label, text(metrics[name]), *(text(baselines[baseline][name]) for baseline in _BASELINES)]
            for name, label in names.items()
        ]
        return _table(["measure", "model", *_BASELINES.values()], rows)

    ranked = {
        f"{outcome}_{measure}": f"{word}, {text}"
        for outcome, text in _OUTCOMES.items()
        for measure, word in (("rank_ic", "rank IC"), ("rank_icir", "rank ICIR"))
    }
    compared = {**{name: ranked[name] for name in ranked if name.endswith("_ic")}, "direction_auc": "AUC of direction"}
    differences = [
        [text, *(_measured(baselines[baseline][name]["difference"]) for baseline in _BASELINES)]
        for name, text in compared.items()
    ]
    earned = {
        f"{name}{suffix}": f"{text}{' after costs' if suffix else ''}"
        for name, text in _TOPS.items()
        for suffix in ("", "_after_costs")
    }
    return "\n\n".join(
        [
            f"The measures pool the measured slices. Brackets hold the {bootstrap['level']:.0%} interval of a "
            f"moving-block bootstrap over days (Kuensch 1989): blocks of {bootstrap['block_days']} days, "
            f"{bootstrap['resamples']:,} resamples, seed {bootstrap['seed']}. The rank IC of a day is the correlation "
            "of the ranks of score and outcome, and the table has the mean over all days. ICIR is this mean divided by "
            "the standard deviation of the daily values.",
            table(ranked, _measured),
            "The model less each baseline, on the same days:",
            _table(["difference", *_BASELINES.values()], differences),
            f"Mean return over {manifest['horizonDays']} days of the best stocks of a day, less that of all its "
            f"stocks, before and after {metrics['cost_bps']:g} basis points for buying and selling:",
            table(earned, _percent),
            "Rank IC of each measured slice:",
            _by_fold(metrics),
        ]
    )


def _by_fold(metrics: dict[str, Any]) -> str:
    rows = [
        [
            f"{fold['test_from']} to {fold['test_to']}",
            f"{fold['rows']:,}",
            *(_number(fold[f"{outcome}_rank_ic"]) for outcome in _OUTCOMES),
            _number(fold["log_loss"]),
            _number(fold["ece"]),
        ]
        for fold in metrics["folds"]
        if fold["measured"]
    ]
    return _table(["test slice", "rows", *_OUTCOMES.values(), "log loss", "calibration error"], rows)


def _direction(manifest: dict[str, Any], figure: str) -> str:
    metrics, calibration = manifest["metrics"], manifest["calibration"]
    rows = [
        ["AUC of BUY against SELL within a day, given a large move", _measured(metrics["direction_auc"])],
        ["Brier skill of the chance of up, given a large move", _measured(metrics["direction_brier_skill"])],
        ["log loss", _measured(metrics["log_loss"])],
        ["log loss of the shares of the labels", _number(metrics["log_loss_of_shares"])],
        ["gain in log loss by telling quiet from volatile", _measured(metrics["log_loss_gain_move"])],
        ["gain in log loss by telling the direction", _measured(metrics["log_loss_gain_direction"])],
        ["expected calibration error", _measured(metrics["ece"])],
        ["accuracy", _measured(metrics["accuracy"])],
    ]
    bins = [
        [name, *(f"{entry['confidence']:.3f} → {entry['frequency']:.3f}" for entry in entries)]
        for name, entries in {**metrics["reliability"], "up, given large": metrics["direction_reliability"]}.items()
    ]
    count = max(len(row) for row in bins) - 1
    return "\n\n".join(
        [
            _table(["measure", "value"], rows),
            "The two gains add up to the whole gain over the shares of the labels. The chance of a large move is "
            f"sigmoid({calibration['move']['scale']:.4f} · logit(p) {calibration['move']['bias']:+.4f}) of the model's "
            f"probability p. The chance of up is sigmoid({calibration['direction']['slope']:.4f} · z) of the neutral "
            f"score z, and the expected excess return is {calibration['excess']['slope']:.4%} · z.",
            f"![Observed frequency of each class against its probability]({figure})",
            f"Each cell has the mean probability → the observed frequency, out of sample, in {count} bins of equal "
            "count:",
            _table(["class", *(str(number) for number in range(1, count + 1))], bins),
        ]
    )


def _parity(manifest: dict[str, Any]) -> str:
    parity = manifest["parity"]
    return (
        f"The ONNX models were compared with LightGBM on {parity['rows']:,} real rows. The largest absolute difference "
        f"is {parity['scoreMaxAbsDiff']:.1e} in the score and {parity['moveMaxAbsDiff']:.1e} in the probability. "
        f"{parity['thresholdRows']} rows differ by more than {parity['tolerance']:.0e}."
    )


def _incumbent(manifest: dict[str, Any]) -> str:
    incumbent = manifest["metrics"].get("incumbent")
    if incumbent is None:
        return "Not compared with another release."
    version = incumbent["version"]
    if not incumbent["rows"]:
        return (
            f"{version} has no out-of-sample predictions of these rows. It was fitted on them, so it can't be compared."
        )
    rows = [
        [text, *(_measured(incumbent[outcome][part]) for part in ("model", "incumbent", "difference"))]
        for outcome, text in _OUTCOMES.items()
    ]
    return f"Rank IC on the {incumbent['rows']:,} rows that both releases predicted out of sample:\n\n" + _table(
        ["outcome", manifest["version"], version, "difference"], rows
    )


def _release(manifest: dict[str, Any]) -> str:
    del manifest
    return (
        "`predictions.csv.gz` has the score and the probabilities of every measured row. The metrics above are "
        "computed from them, as rounded in the file, and from the bars."
    )


def _limits(manifest: dict[str, Any]) -> str:
    metrics, horizon = manifest["metrics"], manifest["horizonDays"]
    lines = []
    for baseline, text in _BASELINES.items():
        equal = [
            words
            for outcome, words in _OUTCOMES.items()
            if not _is_above(metrics["baselines"][baseline][f"{outcome}_rank_ic"]["difference"])
        ]
        if equal:
            lines.append(
                f"It is not shown to rank stocks better than {text} by these outcomes: {'; '.join(equal)}. The "
                "interval of the difference includes 0."
            )
    bins = metrics["direction_reliability"]
    lines += [
        f"Among stocks that moved a lot, its mean chance of up is {bins[0]['confidence']:.1%} in the lowest tenth and "
        f"{bins[-1]['confidence']:.1%} in the highest.",
        f"Returns over {horizon} days overlap, so {metrics['days']:,} days contain only about "
        f"{metrics['days'] // horizon} independent observations of them.",
        "Survivorship bias: the data hold only instruments that still existed at their end. Delisted stocks are "
        "missing, so every result is an upper bound.",
        "It sees only prices and volumes. It knows nothing about earnings, news, future dividends or valuation.",
        "Returns start from the close that the inputs use, at which nobody can trade any more. Borrowing costs and "
        "taxes are left out.",
    ]
    return _lines(lines)


def _default_command(manifest: dict[str, Any]) -> str:
    version, training = manifest["version"], manifest["training"]
    return (
        f"uv run python -m boursomatic_training train --out models/{version} --version {version}"
        f" --seed {training['seed']} --trained-at {manifest['trainedAt']}"
    )


def _made(manifest: dict[str, Any], command: str | None) -> str:
    libraries = ", ".join(f"{name} {version}" for name, version in manifest["libraries"].items())
    files = [[f"`{name}`", f"{entry['bytes']:,}", entry["sha256"]] for name, entry in manifest["files"].items()]
    return "\n\n".join(
        [
            f"```sh\n{command or _default_command(manifest)}\n```",
            textwrap.fill(f"With {libraries}.", 118, break_on_hyphens=False),
            _table(["file", "bytes", "sha256"], files),
        ]
    )


def card_text(manifest: dict[str, Any], *, tried: str, figures: str, command: str | None = None) -> str:
    """Write the card.

    Parameters
    ----------
    tried : str
        The section on experiments, copied unchanged.
    figures : str
        Folder of the figures, as a link from the card: a relative path with ``/``.
    command : str or None
        The command that made the release; by default this package's own command.

    Raises
    ------
    BadInputError
        If the manifest lacks a key, for example because an older trainer without a walk-forward wrote it.
    """
    try:
        sections = {
            "What it can and cannot tell": _summary(manifest),
            "What it is": _what(manifest),
            "Data": _data(manifest),
            "Labels and targets": _label(manifest),
            "Inputs": _features(manifest),
            "Folds": _folds(manifest, f"{figures}/{FOLDS_FIGURE}"),
            "Measures": _metrics(manifest),
            "Probabilities": _direction(manifest, f"{figures}/{RELIABILITY_FIGURE}"),
            "Comparison with the previous release": _incumbent(manifest),
            "Parity": _parity(manifest),
            "Measuring it again": _release(manifest),
            "Limits": _limits(manifest),
            "Experiments": tried.strip("\n"),
            "How it was made": _made(manifest, command),
        }
        title = f"# Model card of {manifest['version']}"
    except (KeyError, TypeError, IndexError) as error:
        raise BadInputError(f"the manifest lacks {error}: an older trainer wrote it") from error
    note = "<!-- Written by `python -m boursomatic_training card`; edit training/card/tried.md, not this file. -->"
    return "\n\n".join([title, note, *(f"## {name}\n\n{text}" for name, text in sections.items())]) + "\n"


def write_card(directory: Path, *, out: Path, figures: Path, command: str | None = None, tried: Path = TRIED) -> None:
    """Write the card of a release and its figures, and replace existing ones.

    Raises
    ------
    BadInputError
        If the release is incomplete or damaged, or a file can't be read or written.
    """
    manifest, _ = read_release(directory)
    try:
        link = Path(os.path.relpath(figures.resolve(), out.resolve().parent)).as_posix()
        text = card_text(manifest, tried=tried.read_text(encoding="utf-8"), figures=link, command=command)
        draw_folds(manifest, figures / FOLDS_FIGURE)
        draw_reliability(manifest, figures / RELIABILITY_FIGURE)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{error.filename or out}: {error.strerror or error}") from error
