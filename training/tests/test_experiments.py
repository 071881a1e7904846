import numpy as np
import pytest

from boursomatic_training.experiments import Fit, Variant, run_experiments
from boursomatic_training.labels import Examples
from boursomatic_training.walkforward import Plan

VARIANTS = {
    "one": Variant(fits=(Fit(target="e5", rounds=10),), neutral_to=()),
    "neutral": Variant(fits=(Fit(target="e5", rounds=10),)),
    "two": Variant(fits=(Fit(target="e5", rounds=10), Fit(target="n20", rounds=10))),
}


def test_every_variant_and_baseline_has_a_line_with_all_outcomes(examples: Examples, plan: Plan) -> None:
    said: list[str] = []
    table = run_experiments(examples, plan, every=3, seed=7, variants=VARIANTS, progress=said.append)
    lines = table.splitlines()
    assert lines[0] == "| score | e5 | n5 | n20 | raw20 |"
    names = [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]]
    assert names == [*VARIANTS, "momentum 12 1", "short term reversal", "weekly reversal"]
    # A fit that two variants share is fitted once.
    assert said == ["fitted e5, 10 rounds", "fitted n20, 10 rounds"]
    first = {line.split(" | ")[0]: float(line.split(" | ")[1].split(" / ")[0]) for line in lines[2:]}
    assert first["| one"] > 0.05
    assert first["| weekly reversal"] == pytest.approx(0.0, abs=0.05)


def test_a_neutral_variant_differs_by_its_exposures_alone(examples: Examples, plan: Plan) -> None:
    table = run_experiments(examples, plan, every=3, seed=7, variants=VARIANTS)
    one, neutral = (line.split(" | ")[1:] for line in table.splitlines()[2:4])
    assert one != neutral
    values = [[float(cell.split(" / ")[0]) for cell in line[:-1]] for line in (one, neutral)]
    np.testing.assert_allclose(values[0], values[1], atol=0.05)
