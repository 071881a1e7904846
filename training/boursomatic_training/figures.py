"""Draws the model card's figures from the manifest alone."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

__all__ = ["FOLDS_FIGURE", "RELIABILITY_FIGURE", "draw_folds", "draw_reliability"]

FOLDS_FIGURE: Final = "folds.png"
RELIABILITY_FIGURE: Final = "reliability.png"

_COLOURS: Final = {"train": "#4c72b0", "test": "#55a868"}
_STYLE: Final[Any] = {"font.family": "DejaVu Sans", "font.size": 9.0, "savefig.dpi": 120.0}


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # By default matplotlib writes its version into the file.
    figure.savefig(path, format="png", metadata={"Software": None})


_EPOCH: Final = date(1970, 1, 1).toordinal()  # matplotlib counts days from here


def _days(first: str, last: str) -> tuple[float, float]:
    start, end = (date.fromisoformat(text).toordinal() - _EPOCH for text in (first, last))
    return float(start), float(end - start + 1)


def draw_folds(manifest: dict[str, Any], path: Path) -> None:
    """Draw the slices of every fold and of the release on one time axis."""
    rows = [
        (f"fold {number}", {part: (fold[f"{part}_from"], fold[f"{part}_to"]) for part in _COLOURS})
        for number, fold in enumerate(manifest["metrics"]["folds"], start=1)
    ]
    training = manifest["training"]
    rows.append(("release", {"train": (training["from"], training["to"])}))
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8.0, 0.9 + 0.38 * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, (_, slices) in enumerate(rows):
            for part, (first, last) in slices.items():
                axes.broken_barh([_days(first, last)], (place - 0.35, 0.7), facecolors=_COLOURS[part])
        axes.set_yticks(range(len(rows)), [name for name, _ in rows])
        axes.invert_yaxis()
        axes.xaxis_date()
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        handles = [Patch(color=colour, label=part) for part, colour in _COLOURS.items()]
        figure.legend(handles=handles, loc="outside upper right", ncols=3, frameon=False)
        _save(figure, path)


def _draw_class(axes: Axes, name: str, bins: list[dict[str, Any]]) -> None:
    confidence = [entry["confidence"] for entry in bins]
    frequency = [entry["frequency"] for entry in bins]
    low, high = min(confidence + frequency) - 0.02, max(confidence + frequency) + 0.02
    axes.plot([low, high], [low, high], color="#999999", linewidth=0.8, linestyle="--")
    axes.plot(confidence, frequency, color="#4c72b0", marker="o", markersize=4.0, linewidth=1.0)
    axes.set(title=name, xlabel="probability", xlim=(low, high), ylim=(low, high), aspect="equal")
    axes.spines[["top", "right"]].set_visible(False)


def draw_reliability(manifest: dict[str, Any], path: Path) -> None:
    """Draw the observed frequency of each class against its probability; the diagonal is perfect."""
    reliability = manifest["metrics"]["reliability"]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8.0, 3.0), layout="constrained")
        panels = figure.subplots(1, len(reliability))
        for axes, (name, bins) in zip(panels, reliability.items(), strict=True):
            _draw_class(axes, name, bins)
        panels[0].set_ylabel("came true")
        _save(figure, path)
