from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from boursomatic_training.frame import Frame
from boursomatic_training.labels import HORIZON, Examples, make_examples
from boursomatic_training.pipeline import RunOptions, run_training
from boursomatic_training.train import Models, fit_models
from boursomatic_training.walkforward import Fold, Plan, plan_walk_forward
from tests.synthetic import synthetic_frame


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A release trained on the synthetic frame; `base` has the folders ``release`` and ``work``."""

    base: Path
    options: RunOptions
    manifest: dict[str, Any]


@pytest.fixture(scope="session")
def frame() -> Frame:
    return synthetic_frame()


@pytest.fixture(scope="session")
def examples(frame: Frame) -> Examples:
    return make_examples(frame)


@pytest.fixture(scope="session")
def plan(examples: Examples) -> Plan:
    return plan_walk_forward(examples, embargo=HORIZON)


@pytest.fixture(scope="session")
def fold(plan: Plan) -> Fold:
    return plan.folds[-1]


@pytest.fixture(scope="session")
def models(examples: Examples, fold: Fold) -> Models:
    return fit_models(examples, rows=fold.train, seed=7)


@pytest.fixture(scope="session")
def trained(frame: Frame, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    base = tmp_path_factory.mktemp("trained")
    options = RunOptions(
        out=base / "release",
        version="v0.1.0",
        trained_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
        seed=7,
        work=base / "work",
    )
    return Trained(base=base, options=options, manifest=run_training(frame, options))
