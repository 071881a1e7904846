"""The model card: Markdown from a release's manifest, with two figures.

The same manifest gives the same bytes. What was tried and did not survive is written by hand, in ``card/tried.md``
beside this package, and put in as it is.
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
"""In the checkout; not part of an installed package."""

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
            f"The released models on the slice that calibrated them, {measured['from']} to {measured['to']}. Their "
            "trees have not seen it, their calibration has, so this is not how good they are; it is what must come out "
            "again when the release is measured on the same bars:",
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
        f"over the next {horizon} trading days; the regressor gives the expected return over the same days, and so "
        f"orders the stocks of a day. Trained at {manifest['trainedAt']} with seed {training['seed']}; parameters "
        f"`{manifest['paramsHash'][:12]}`."
    )


def _data(manifest: dict[str, Any]) -> str:
    training, metrics = manifest["training"], manifest["metrics"]
    return "\n".join(
        [
            f"- The release learnt from {training['rows']:,} rows of {training['instruments']} instruments, "
            f"{training['from']} to {training['to']}.",
            f"- It was calibrated on {training['calibrationRows']:,} rows, {training['calibrationFrom']} to "
            f"{training['calibrationTo']}, which its trees did not see.",
            f"- It was measured on {metrics['rows']:,} rows of {metrics['days']} days, {training['testFrom']} to "
            f"{training['testTo']}, by models that knew only the past of each.",
            "- A row is an instrument on a day. Rows that lack a feature or a whole horizon are left out.",
        ]
    )


def _label(manifest: dict[str, Any]) -> str:
    shares = ", ".join(f"{name} {share:.1%}" for name, share in manifest["baseRates"].items())
    return f"{manifest['label']['description']}\n\nShares among the rows that it learnt from: {shares}."


def _features(manifest: dict[str, Any]) -> str:
    names = textwrap.fill(", ".join(f"`{name}`" for name in manifest["features"]), 118, break_on_hyphens=False)
    return (
        f"{len(manifest['features'])} columns of the view `model_inputs`, in the order the models take them:\n\n{names}"
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
            f"Purged walk-forward. Between two slices lie {training['embargoDays']} trading days that belong to "
            f"neither, and a row whose label reaches into the next slice is dropped.",
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
            f"{text} less that of {_BASELINES[baseline]}",
            _number(metrics[name] - baselines[baseline][name])
            + _interval(intervals["baselines"][baseline].get(f"{name}_difference")),
        ]
        for name, text in (("rank_ic", "rank IC"), ("rank_icir", "rank ICIR"), ("log_loss", "log loss"))
        for baseline in _BASELINES
        if metrics[name] is not None and baselines[baseline].get(name) is not None
    ]
    return "\n\n".join(
        [
            f"All test slices pooled. In brackets the {bootstrap['level']:.0%} interval of a bootstrap over blocks of "
            f"{bootstrap['block_days']} days ({bootstrap['resamples']:,} resamples, seed {bootstrap['seed']}). "
            f"IC and rank IC are means of daily correlations of the expected return with what came; ICIR is their mean "
            f"over their deviation. The spread holds the top quintile and shorts the bottom one for a horizon, after "
            f"{metrics['cost_bps_one_way']:g} basis points on everything that changes hands.",
            _table(["measure", "model", *_BASELINES.values()], rows),
            _table(["difference", "value"], differences),
            "By class, for the most probable one of a row:",
            _calls(metrics),
            "By fold:",
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
            f"Log-probabilities are scaled and shifted by class, and made to add up to one again (scale {scales}; bias "
            f"{biases}). Out of sample the expected calibration error is {_number(metrics['ece'])}"
            f"{_interval(metrics['intervals']['ece'])}; uncalibrated it would be "
            f"{_number(metrics['ece_uncalibrated'])}, and the log loss {_number(metrics['log_loss_uncalibrated'])}.",
            f"![How often each class came true against its probability]({figure})",
            f"Mean probability → how often it came true, out of sample, in {count} bins of equal count:",
            _table(["class", *(str(number) for number in range(1, count + 1))], rows),
        ]
    )


def _parity(manifest: dict[str, Any]) -> str:
    parity = manifest["parity"]
    return (
        f"ONNX against LightGBM on {parity['rows']:,} real rows: the largest absolute difference is "
        f"{parity['classifierMaxAbsDiff']:.1e} of the probabilities and {parity['regressorMaxAbsDiff']:.1e} of the "
        f"regressor, with {parity['thresholdRows']} rows over {parity['tolerance']:.0e} and {parity['labelFlips']} "
        f"labels that differ."
    )


def _incumbent(manifest: dict[str, Any]) -> str:
    incumbent = manifest["metrics"].get("incumbent")
    if incumbent is None:
        return "Not compared with another release."
    metrics, unseen, own = manifest["metrics"], incumbent["unseen"], incumbent["walk_forward"]
    rows = [
        [
            f"all test rows, of which {incumbent['version']} was fitted on or near {incumbent['rows_seen']:,}",
            *(_number(metrics[name]) for name in _COMPARED),
            *(_number(incumbent[name]) for name in _COMPARED),
        ]
    ]
    if unseen is not None:
        rows.append(
            [
                f"{unseen['rows']:,} rows from {unseen['from']}, which neither saw",
                *(_number(unseen["model"][name]) for name in _COMPARED),
                *(_number(unseen[name]) for name in _COMPARED),
            ]
        )
    if own is not None:
        rows.append(
            [
                "each one's own walk-forward on the same test slices",
                *(_number(metrics[name]) for name in _COMPARED),
                *(_number(own[name]) for name in _COMPARED),
            ]
        )
    version = incumbent["version"]
    head = [text.format(_MEASURES[name]) for text in ("{}", f"{{}} of {version}") for name in _COMPARED]
    parts = [_table(["rows", *head], rows)]
    if not incumbent["same_label"]:
        parts.append(f"{version} has another definition of the labels, so its log loss is not comparable.")
    return "\n\n".join(parts)


def _limits(manifest: dict[str, Any]) -> str:
    metrics, intervals = manifest["metrics"], manifest["metrics"]["intervals"]
    horizon, bounds = manifest["horizonDays"], intervals["rank_ic"]
    lines = []
    if bounds is not None:
        lines.append(
            f"The interval of the rank IC, {bounds[0]:.4f} to {bounds[1]:.4f}, "
            + ("excludes 0." if bounds[0] > 0 else "does not exclude 0: it may have no edge at all.")
        )
    for baseline, text in _BASELINES.items():
        known = intervals["baselines"][baseline]
        if any((difference := known.get(f"{name}_difference")) and difference[0] <= 0 for name in _RANKED):
            lines.append(
                f"It is not shown to order stocks better than {text} alone does: an interval of the differences "
                "above reaches below 0."
            )
    difference = intervals["baselines"]["majority_class"]["log_loss_difference"]
    if difference is not None and difference[1] >= 0:
        lines.append("Its probabilities are not shown to say more than the shares of the classes do.")
    bins = metrics["reliability"]["BUY"]
    lines += [
        f"BUY was held {bins[0]['confidence']:.0%} probable in the lowest tenth of rows and "
        f"{bins[-1]['confidence']:.0%} in the highest: most calls are close to even.",
        f"{metrics['days']} days of labels that overlap for {horizon} days are about {metrics['days'] // horizon} "
        "independent draws. One unlike year would move every number here.",
        "The instruments were chosen by someone who knew which still existed; the delisted are missing, and returns "
        "of buying what survived are too good.",
        "It sees prices and volumes. It knows nothing of earnings, news, dividends to come or what anything is worth.",
        "Returns are from the close that the features were computed from, which nobody can trade at; borrowing costs "
        "and taxes are not counted.",
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
        What was tried and did not survive; put in as it is.
    figures : str
        Where the figures are, as a link from the card: a relative path, with ``/``.
    command : str or None
        The command that made the release; by default that of this package.

    Raises
    ------
    BadInputError
        If the manifest lacks something, as those of a trainer without a walk-forward do.
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
            "Beside the release before": _incumbent(manifest),
            "Parity": _parity(manifest),
            "The release itself": _release(manifest),
            "What it can't do": _limits(manifest),
            "What was tried and did not survive": tried.strip("\n"),
            "How it was made": _made(manifest, command),
        }
        title = f"# Model card of {manifest['version']}"
    except (KeyError, TypeError, IndexError) as error:
        raise BadInputError(f"the manifest lacks {error}: it was made by an older trainer") from error
    note = "<!-- Written by `python -m boursomatic_training card`; edit training/card/tried.md, not this file. -->"
    return "\n\n".join([title, note, *(f"## {name}\n\n{text}" for name, text in sections.items())]) + "\n"


def write_card(directory: Path, *, out: Path, figures: Path, command: str | None = None, tried: Path = TRIED) -> None:
    """Write the card of a release, and its figures, replacing those that are there.

    Raises
    ------
    BadInputError
        If the release is not whole, or something can't be read or written.
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
