"""Edits and reads LightGBM's text model: float32 thresholds, and the regressor's trees for exact TreeSHAP.

``trees.json`` is one object, ``{"format": 1, "features": [...], "baseScore": b, "trees": [...]}``. Each tree holds
parallel arrays. One entry per internal node: ``feature`` (index into features), ``threshold``, ``left`` and
``right`` (children), ``cover`` (training rows that reached the node) and ``defaultLeft``. One entry per leaf:
``leafValue`` and ``leafCover``. The conventions are LightGBM's:

- node 0 is the root; a child c >= 0 is an internal node, c < 0 is leaf ``~c`` (that is, -c - 1);
- a row goes left if its float32 value <= threshold, which is exact in float32;
- a tree with no internal node is its single leaf 0;
- shrinkage is already in the leaf values, so ``baseScore`` plus the reached leaves is the raw prediction;
- ``defaultLeft`` is the direction of missing values; the models' inputs are never missing;
- the expected value of a tree is the cover-weighted mean of its leaves, as in LightGBM's ``pred_contrib``.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import lightgbm as lgb
import numpy as np

__all__ = ["FORMAT", "floor_float32", "merge_boosters", "round_thresholds", "trees_document"]

FORMAT: Final = 1

_CATEGORICAL_BIT: Final = 1
_DEFAULT_LEFT_BIT: Final = 2


def floor_float32(value: float) -> float:
    """Largest float32 that is not above `value`. Float32 inputs compare with both in the same way.

    Examples
    --------
    >>> floor_float32(0.5)
    0.5
    >>> floor_float32(0.1) < 0.1 < float(np.float32(0.1))
    True
    """
    rounded = np.float32(value)
    if float(rounded) > value:
        rounded = np.nextafter(rounded, np.float32(-np.inf))
    return float(rounded)


def round_thresholds(booster: lgb.Booster) -> lgb.Booster:
    """Copy a booster with float32 thresholds. Predictions on float32 input are unchanged.

    ONNX rounds thresholds to the nearest float32, so that a row exactly at a threshold could change sides.
    """

    def rounded(line: re.Match[str]) -> str:
        values = (floor_float32(float(value)) for value in line[1].split())
        return "threshold=" + " ".join(f"{value:.17g}" for value in values)

    text = booster.model_to_string(num_iteration=-1)
    text = re.sub(r"^threshold=(.*)$", rounded, text, flags=re.MULTILINE)
    # The sizes in bytes are outdated. Without them LightGBM reads the trees one after another.
    text = re.sub(r"^tree_sizes=.*\n", "", text, flags=re.MULTILINE)
    return lgb.Booster(model_str=text)


def merge_boosters(boosters: Sequence[lgb.Booster], *, weights: Sequence[float], offset: float) -> lgb.Booster:
    """One booster whose raw prediction is the offset plus the weighted sum of the raw predictions of several.

    It has all of their trees, with weighted leaves, so it converts to ONNX and explains its predictions like any other.
    The offset is added to the leaves of the first tree, where LightGBM itself keeps the mean.

    Raises
    ------
    ValueError
        If there is no booster, one has no tree, or they have different features or several outputs.
    """
    if not boosters or any(booster.num_trees() == 0 or booster.num_model_per_iteration() != 1 for booster in boosters):
        raise ValueError("boosters to merge need trees and one output")
    if len({tuple(booster.feature_name()) for booster in boosters}) != 1:
        raise ValueError("boosters to merge need equal features")
    texts = [booster.model_to_string(num_iteration=-1) for booster in boosters]
    head, tail = texts[0].split("\nTree=0\n", 1)[0], texts[0].split("\nend of trees", 1)[1]
    blocks: list[str] = []
    for text, weight in zip(texts, weights, strict=True):
        for block in text.split("\nend of trees", 1)[0].split("\nTree=")[1:]:
            body = block.split("\n", 1)[1].rstrip("\n")
            added = offset if not blocks else 0.0
            blocks.append(f"Tree={len(blocks)}\n{_weighted(body, weight=weight, added=added)}")
    head = re.sub(r"\ntree_sizes=.*", "", head)
    return lgb.Booster(model_str="\n\n\n".join([head, *blocks]) + "\n\n\nend of trees" + tail)


def _weighted(tree: str, *, weight: float, added: float) -> str:
    def scaled(line: re.Match[str]) -> str:
        values = (float(value) * weight + added for value in line[2].split())
        return f"{line[1]}=" + " ".join(f"{value:.17g}" for value in values)

    return re.sub(r"^(leaf_value|internal_value)=(.*)$", scaled, tree, flags=re.MULTILINE)


def _tree(block: str) -> dict[str, list[int] | list[float] | list[bool]]:
    lines = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)

    def integers(name: str) -> list[int]:
        return [int(value) for value in lines.get(name, "").split()]

    def floats(name: str) -> list[float]:
        return [float(value) for value in lines.get(name, "").split()]

    decisions = integers("decision_type")
    if any(decision & _CATEGORICAL_BIT for decision in decisions):
        raise ValueError("categorical splits are not supported")
    leaves = floats("leaf_value")
    return {
        "feature": integers("split_feature"),
        "threshold": floats("threshold"),
        "left": integers("left_child"),
        "right": integers("right_child"),
        "cover": integers("internal_count"),
        "defaultLeft": [bool(decision & _DEFAULT_LEFT_BIT) for decision in decisions],
        "leafValue": leaves,
        # A tree without splits may have no count, or zero. With a single leaf any positive count is equivalent.
        "leafCover": integers("leaf_count") if len(leaves) > 1 else [1],
    }


def trees_document(booster: lgb.Booster) -> dict[str, Any]:
    """Describe a regression booster as the content of ``trees.json``.

    Raises
    ------
    ValueError
        If a split is categorical or the booster has more than one output.
    """
    if booster.num_model_per_iteration() != 1:
        raise ValueError("trees.json describes a model with one output")
    text = booster.model_to_string(num_iteration=-1)
    blocks = text.split("\nend of trees", 1)[0].split("\nTree=")[1:]
    return {
        "format": FORMAT,
        "features": booster.feature_name(),
        "baseScore": 0.0,  # LightGBM adds the mean to the leaves of the first tree.
        "trees": [_tree(block) for block in blocks],
    }
