"""The model card: Markdown from a release's manifest, with two figures.

Equal manifests give equal bytes. The section on failed experiments is written by hand in ``card/tried.md`` next to
this package, and copied unchanged.
"""

import os
import textwrap
from pathlib import Path
from typing import Any, Final

from boursomatic_training.errors import BadInputError
from boursomatic_training.figures import FOLDS_FIGURE, RELIABILITY_FIGURE, draw_folds, draw_reliability
from boursomatic_training.release import read_release

__all__ = ["TRIED", "card_text", "write_card"]

TRIED: Final = Path(__file__).parent.parent / "card" / "tried.md"
"""Part of the checkout, not of an installed package."""

_MEASURES: Final = {
    "rank_ic": "rank IC",
    "ic": "IC",
    "rank_icir": "rank ICIR",
    "icir": "ICIR",
    "quintile_spread_sharpe": "Sharpe of the quintile spread",
    "log_loss": "log loss",
    "ece": "expected calibration error",
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "f1_score": "F1",
}

_RANKED: Final = ("rank_ic", "rank_icir")
_COMPARED: Final = (*_RANKED, "log_loss")

_BASELINES: Final = {
    "majority_class": "majority class",
    "momentum_12_1": "12-1 momentum",
    "short_term_reversal": "short-term reversal",
}


def _release(manifest: dict[str, Any]) -> str:
    measured = manifest["metrics"]["release"]
    rows = [[_MEASURES[name], f"{measured[name]:.6f}"] for name in (*_RANKED, "ic", "icir", "log_loss", "ece")]
    return "\n\n".join(
        [
            f"The table below measures the released models on their calibration slice, {measured['from']} to "
            f"{measured['to']}. Their trees did not see it, but their calibration did, so these figures are not out of "
            "sample. Anyone with the same bars can reproduce them:",
            f"```sh\nnpm run evaluate -- --bars FILE --from {measured['from']} --to {measured['to']}\n```",
            _table(["measure", "value"], rows),
        ]
    )


def _number(value: Any, digits: int = 4) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"


def _interval(bounds: list[float] | None) -> str:
    return "" if bounds is None else f" [{bounds[0]:.4f}, {bounds[1]:.4f}]"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _what(manifest: dict[str, Any]) -> str:
    training, horizon = manifest["training"], manifest["horizonDays"]
    return (
        f"Two LightGBM models over daily bars of stocks. The classifier gives the probabilities of SELL, HOLD and BUY "
        f"over the next {horizon} trading days. The regressor gives the expected return over these days, which ranks "
        f"the stocks of a day. They were trained at {manifest['trainedAt']} with seed {training['seed']}. The hash of "
        f"the parameters begins with `{manifest['paramsHash'][:12]}`."
    )


def _data(manifest: dict[str, Any]) -> str:
    training, metrics = manifest["training"], manifest["metrics"]
    return "\n".join(
        [
            f"- The release was trained on {training['rows']:,} rows of {training['instruments']} instruments, "
            f"{training['from']} to {training['to']}.",
            f"- It was calibrated on {training['calibrationRows']:,} rows, {training['calibrationFrom']} to "
            f"{training['calibrationTo']}, which its trees did not see.",
            f"- It was measured on {metrics['rows']:,} rows of {metrics['days']} days, {training['testFrom']} to "
            f"{training['testTo']}, by models trained only on earlier days.",
            "- A row is one instrument on one day. Rows that lack a feature or a complete horizon are left out.",
        ]
    )


def _label(manifest: dict[str, Any]) -> str:
    shares = ", ".join(f"{name} {share:.1%}" for name, share in manifest["baseRates"].items())
    return (
        f"A label compares a stock's next {manifest['horizonDays']} trading days with those of the other stocks of its "
        f"day. This is the exact definition:\n\n> {manifest['label']['description']}\n\n"
        f"Shares in the training rows: {shares}."
    )


def _features(manifest: dict[str, Any]) -> str:
    names = textwrap.fill(", ".join(f"`{name}`" for name in manifest["features"]), 118, break_on_hyphens=False)
    count = len(manifest["features"])
    return (
        f"The models read {count} columns of the view `model_inputs`, in this order. "
        f"`functions/features/definitions.ts` says what each means.\n\n{names}"
    )


def _folds(manifest: dict[str, Any], figure: str) -> str:
    training = manifest["training"]
    rows = [
        [
            str(number),
            f"{fold['train_from']} to {fold['train_to']}",
            f"{fold['calibration_from']} to {fold['calibration_to']}",
            f"{fold['test_from']} to {fold['test_to']}",
        ]
        for number, fold in enumerate(manifest["metrics"]["folds"], start=1)
    ]
    rows.append(
        [
            "release",
            f"{training['from']} to {training['to']}",
            f"{training['calibrationFrom']} to {training['calibrationTo']}",
            "",
        ]
    )
    return "\n\n".join(
        [
            f"The test is a purged walk-forward: each fold trains on the earliest days, calibrates on later ones, and "
            f"is tested on still later ones. An embargo of {training['embargoDays']} trading days separates the "
            f"slices. Rows whose label overlaps the next slice are dropped.",
            f"![The slices of each fold on a time axis]({figure})",
            _table(["fold", "train", "calibration", "test"], rows),
        ]
    )


def _metrics(manifest: dict[str, Any]) -> str:
    metrics, bootstrap = manifest["metrics"], manifest["metrics"]["bootstrap"]
    intervals, baselines = metrics["intervals"], metrics["baselines"]
    rows = [
        [
            text,
            _number(metrics[name]) + _interval(intervals.get(name)),
            *(
                _number(baselines[baseline].get(name)) + _interval(intervals["baselines"][baseline].get(name))
                for baseline in _BASELINES
            ),
        ]
        for name, text in _MEASURES.items()
    ]
    differences = [
        [
            f"{text}: model minus {_BASELINES[baseline]}",
            _number(metrics[name] - baselines[baseline][name])
            + _interval(intervals["baselines"][baseline].get(f"{name}_difference")),
        ]
        for name, text in (("rank_ic", "rank IC"), ("rank_icir", "rank ICIR"), ("log_loss", "log loss"))
        for baseline in _BASELINES
        if metrics[name] is not None and baselines[baseline].get(name) is not None
    ]
    return "\n\n".join(
        [
            f"The measures pool all test slices. Brackets hold the {bootstrap['level']:.0%} interval of a bootstrap "
            f"over blocks of {bootstrap['block_days']} days ({bootstrap['resamples']:,} resamples, seed "
            f"{bootstrap['seed']}). The IC of a day is the correlation of expected and realised returns, and its rank "
            "IC that of their ranks. "
            "The table has the means over all days. ICIR is this mean divided by the standard deviation of the daily "
            "values. The quintile spread is a portfolio long the top fifth of stocks and short the bottom fifth for "
            f"one horizon, after {metrics['cost_bps_one_way']:g} basis points on all turnover.",
            _table(["measure", "model", *_BASELINES.values()], rows),
            _table(["difference", "value"], differences),
            "Hit rate by the most probable class of each row:",
            _calls(metrics),
            "Measures of each fold:",
            _by_fold(metrics),
        ]
    )


def _calls(metrics: dict[str, Any]) -> str:
    rows = [
        [
            name,
            _number(rate),
            _number(metrics["base_rate"][name]),
            _number(metrics["hit_rate_over_base_rate"][name], 3),
        ]
        for name, rate in metrics["hit_rate"].items()
    ]
    return _table(["class", "hit rate", "base rate", "hit rate over base rate"], rows)


def _by_fold(metrics: dict[str, Any]) -> str:
    rows = [
        [
            f"{fold['test_from']} to {fold['test_to']}",
            f"{fold['rows']:,}",
            *(_number(fold[name]) for name in ("rank_ic", "ic", "log_loss", "ece")),
        ]
        for fold in metrics["folds"]
    ]
    return _table(["test slice", "rows", "rank IC", "IC", "log loss", "calibration error"], rows)


def _calibration(manifest: dict[str, Any], figure: str) -> str:
    metrics, calibration = manifest["metrics"], manifest["calibration"]
    rows = [
        [name, *(f"{entry['confidence']:.3f} → {entry['frequency']:.3f}" for entry in bins)]
        for name, bins in metrics["reliability"].items()
    ]
    count = max(len(row) for row in rows) - 1
    scales, biases = (", ".join(f"{value:.4f}" for value in calibration[name]) for name in ("scale", "bias"))
    return "\n\n".join(
        [
            f"Calibration scales and shifts the log-probability of each class, then normalises (scale {scales}; bias "
            f"{biases}). Out of sample, the expected calibration error is {_number(metrics['ece'])}"
            f"{_interval(metrics['intervals']['ece'])}. Without calibration it is "
            f"{_number(metrics['ece_uncalibrated'])}, and the log loss is {_number(metrics['log_loss_uncalibrated'])}.",
            f"![Observed frequency of each class against its probability]({figure})",
            f"Each cell has the mean probability → the observed frequency, out of sample, in {count} bins of equal "
            f"count:",
            _table(["class", *(str(number) for number in range(1, count + 1))], rows),
        ]
    )


def _parity(manifest: dict[str, Any]) -> str:
    parity = manifest["parity"]
    return (
        f"The ONNX models were compared with LightGBM on {parity['rows']:,} real rows. The largest absolute difference "
        f"is {parity['classifierMaxAbsDiff']:.1e} in the probabilities and {parity['regressorMaxAbsDiff']:.1e} in the "
        f"expected return. {parity['thresholdRows']} rows differ by more than {parity['tolerance']:.0e}, and "
        f"{parity['labelFlips']} rows differ in their label."
    )


def _incumbent(manifest: dict[str, Any]) -> str:
    incumbent = manifest["metrics"].get("incumbent")
    if incumbent is None:
        return "Not compared with another release."
    metrics, unseen, own = manifest["metrics"], incumbent["unseen"], incumbent["walk_forward"]
    rows = [
        [
            f"all test rows; {incumbent['version']} was fitted on or near {incumbent['rows_seen']:,} of them",
            *(_number(metrics[name]) for name in _COMPARED),
            *(_number(incumbent[name]) for name in _COMPARED),
        ]
    ]
    if unseen is not None:
        rows.append(
            [
                f"{unseen['rows']:,} rows from {unseen['from']}, which neither release saw",
                *(_number(unseen["model"][name]) for name in _COMPARED),
                *(_number(unseen[name]) for name in _COMPARED),
            ]
        )
    if own is not None:
        rows.append(
            [
                "each release's own walk-forward on the same test slices",
                *(_number(metrics[name]) for name in _COMPARED),
                *(_number(own[name]) for name in _COMPARED),
            ]
        )
    version = incumbent["version"]
    head = [text.format(_MEASURES[name]) for text in ("{}", f"{{}} of {version}") for name in _COMPARED]
    parts = [_table(["rows", *head], rows)]
    if incumbent["rows_seen"]:
        parts.append(f"{version} looks too good on the rows that it was fitted on.")
    if not incumbent["same_label"]:
        parts.append(f"{version} defines its labels differently, so its log loss is not comparable.")
    return "\n\n".join(parts)


def _limits(manifest: dict[str, Any]) -> str:
    metrics, intervals = manifest["metrics"], manifest["metrics"]["intervals"]
    horizon, bounds = manifest["horizonDays"], intervals["rank_ic"]
    lines = []
    if bounds is not None:
        lines.append(
            f"The interval of the rank IC, {bounds[0]:.4f} to {bounds[1]:.4f}, "
            + ("excludes 0." if bounds[0] > 0 else "includes 0: the model may have no edge.")
        )
    for baseline, text in _BASELINES.items():
        known = intervals["baselines"][baseline]
        if any((difference := known.get(f"{name}_difference")) and difference[0] <= 0 for name in _RANKED):
            lines.append(
                f"It is not shown to rank stocks better than {text}: the interval of at least one difference above "
                "includes 0 or lies below it."
            )
    difference = intervals["baselines"]["majority_class"]["log_loss_difference"]
    if difference is not None and difference[1] >= 0:
        lines.append("Its probabilities are not shown to be better than the shares of the classes.")
    bins = metrics["reliability"]["BUY"]
    lines += [
        f"The mean probability of BUY is {bins[0]['confidence']:.0%} in the lowest tenth of rows and "
        f"{bins[-1]['confidence']:.0%} in the highest. The base rate is {manifest['baseRates']['BUY']:.0%}.",
        f"Labels of {horizon} days overlap, so {metrics['days']:,} days contain only about "
        f"{metrics['days'] // horizon} independent observations. One unusual year would change every number here.",
        "Survivorship bias: the instruments were chosen among those that still existed. Delisted stocks are missing, "
        "so returns look too good.",
        "It sees only prices and volumes. It knows nothing about earnings, news, future dividends or valuation.",
        "Returns start from the close that the features use, at which nobody can trade any more. Borrowing costs and "
        "taxes are left out.",
    ]
    return "\n".join(textwrap.fill(f"- {line}", 118, subsequent_indent="  ", break_on_hyphens=False) for line in lines)


def _default_command(manifest: dict[str, Any]) -> str:
    version, training = manifest["version"], manifest["training"]
    return (
        f"uv run python -m boursomatic_training train --out models/{version} --version {version}"
        f" --seed {training['seed']} --horizon {manifest['horizonDays']} --trained-at {manifest['trainedAt']}"
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
        The section on rejected experiments, copied unchanged.
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
            "What it is": _what(manifest),
            "Data": _data(manifest),
            "Labels": _label(manifest),
            "Features": _features(manifest),
            "Folds": _folds(manifest, f"{figures}/{FOLDS_FIGURE}"),
            "Measures": _metrics(manifest),
            "Calibration": _calibration(manifest, f"{figures}/{RELIABILITY_FIGURE}"),
            "Comparison with the previous release": _incumbent(manifest),
            "Parity": _parity(manifest),
            "Reproducing the release's measures": _release(manifest),
            "Limits": _limits(manifest),
            "Rejected experiments": tried.strip("\n"),
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
