import pytest

from boursomatic_training.frame import Frame
from boursomatic_training.labels import Examples, make_examples
from boursomatic_training.split import Split, split_by_time
from boursomatic_training.train import Models, fit_models
from tests.synthetic import synthetic_frame


@pytest.fixture(scope="session")
def frame() -> Frame:
    return synthetic_frame()


@pytest.fixture(scope="session")
def examples(frame: Frame) -> Examples:
    return make_examples(frame, horizon=20)


@pytest.fixture(scope="session")
def split(examples: Examples) -> Split:
    return split_by_time(examples, embargo=20)


@pytest.fixture(scope="session")
def models(examples: Examples, split: Split) -> Models:
    return fit_models(examples, rows=split.train, seed=7)
