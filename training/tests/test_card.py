import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from boursomatic_training.card import TRIED, card_text, write_card
from boursomatic_training.errors import BadInputError
from boursomatic_training.features import FEATURES
from tests.conftest import Trained
from tests.synthetic import contents

PNG = b"\x89PNG\r\n\x1a\n"


def _written(trained: Trained, base: Path, **options: Any) -> dict[str, bytes]:
    write_card(trained.base / "release", out=base / "docs" / "card.md", figures=base / "docs" / "figures", **options)
    return {"card.md": (base / "docs" / "card.md").read_bytes(), **contents(base / "docs" / "figures")}


def test_equal_releases_give_equal_bytes(trained: Trained, tmp_path: Path) -> None:
    first, second = _written(trained, tmp_path / "a"), _written(trained, tmp_path / "b")
    assert first == second
    assert set(first) == {"card.md", "folds.png", "reliability.png"}
    for name in ("folds.png", "reliability.png"):
        assert first[name].startswith(PNG)
        assert b"tEXt" not in first[name]


def test_the_card_shows_the_figures_of_the_manifest(trained: Trained) -> None:
    manifest = trained.manifest
    text = card_text(manifest, tried="- One *thing*.", figures="figures", command="npm run train")
    metrics = manifest["metrics"]
    low, high = metrics["intervals"]["rank_ic"]
    assert f"{metrics['rank_ic']:.4f} [{low:.4f}, {high:.4f}]" in text
    for fold in metrics["folds"]:
        assert f"{fold['train_from']} to {fold['train_to']}" in text
        assert f"{fold['test_from']} to {fold['test_to']}" in text
    assert all(f"`{name}`" in text for name in FEATURES)
    assert all(entry["sha256"] in text for entry in manifest["files"].values())
    assert "\n\n- One *thing*.\n\n" in text
    assert "```sh\nnpm run train\n```" in text
    assert "(figures/folds.png)" in text
    assert manifest["label"]["description"] in text
    assert "Not compared with another release." in text
    assert all(len(line) <= 120 for line in text.split("How it was made")[0].split("## Limits")[1].splitlines())


def test_the_default_command_is_that_of_this_package(trained: Trained) -> None:
    text = card_text(trained.manifest, tried="", figures="figures")
    assert "boursomatic_training train --out models/v0.1.0 --version v0.1.0 --seed 7 --horizon 20" in text


def test_the_limits_admit_a_missing_edge(trained: Trained) -> None:
    edge = card_text(trained.manifest, tried="", figures="figures")
    assert "excludes 0." in edge
    none = json.loads(json.dumps(trained.manifest))
    none["metrics"]["intervals"]["rank_ic"] = [-0.01, 0.02]
    none["metrics"]["intervals"]["baselines"]["momentum_12_1"]["rank_ic_difference"] = [-0.02, 0.01]
    none["metrics"]["intervals"]["baselines"]["majority_class"]["log_loss_difference"] = [-0.02, 0.01]
    text = " ".join(card_text(none, tried="", figures="figures").split())
    assert "includes 0: the model may have no edge." in text
    assert "not shown to rank stocks better than 12-1 momentum:" in text
    assert "not shown to be better than the shares of the classes" in text


def test_the_card_compares_the_incumbent(trained: Trained) -> None:
    measures = {"rank_ic": 0.0111, "rank_icir": 0.111, "log_loss": 1.0444}
    incumbent = {
        "version": "v0.0.9",
        **measures,
        "rows": 100,
        "rows_seen": 60,
        "same_label": False,
        "unseen": {
            "from": "2020-05-05",
            "rows": 40,
            "rank_ic": 0.0222,
            "rank_icir": 0.222,
            "log_loss": 1.0,
            "model": measures,
        },
        "walk_forward": {"rank_ic": 0.0333, "rank_icir": 0.333, "log_loss": None},
    }
    manifest = {**trained.manifest, "metrics": {**trained.manifest["metrics"], "incumbent": incumbent}}
    text = card_text(manifest, tried="", figures="figures")
    assert "v0.0.9 was fitted on or near 60 of them" in text
    assert (
        "| 40 rows from 2020-05-05, which neither release saw | 0.0111 | 0.1110 | 1.0444 | 0.0222 | 0.2220 | 1.0000 |"
        in text
    )
    assert "| 0.0333 | 0.3330 | n/a |" in text
    assert "defines its labels differently" in text


def test_the_card_includes_the_rejected_experiments(trained: Trained, tmp_path: Path) -> None:
    assert TRIED.is_file()
    assert TRIED.read_bytes().strip() in _written(trained, tmp_path)["card.md"]
    with pytest.raises(BadInputError, match=r"none\.md: No such file"):
        _written(trained, tmp_path, tried=tmp_path / "none.md")


def test_links_are_relative_from_the_card_to_the_figures(trained: Trained, tmp_path: Path) -> None:
    write_card(trained.base / "release", out=tmp_path / "a" / "card.md", figures=tmp_path / "b" / "c")
    assert "(../b/c/reliability.png)" in (tmp_path / "a" / "card.md").read_text()


def test_write_card_rejects_a_manifest_of_an_older_trainer(trained: Trained, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(trained.base / "release", release)
    metrics = {name: value for name, value in trained.manifest["metrics"].items() if name != "folds"}
    (release / "manifest.json").write_text(json.dumps({**trained.manifest, "metrics": metrics}))
    with pytest.raises(BadInputError, match="lacks 'folds'"):
        write_card(release, out=tmp_path / "card.md", figures=tmp_path)
    assert not (tmp_path / "card.md").exists()


def test_write_card_rejects_a_modified_release(trained: Trained, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(trained.base / "release", release)
    (release / "regressor.onnx").write_bytes(b"another")
    with pytest.raises(BadInputError, match="is not the file that the manifest names"):
        write_card(release, out=tmp_path / "card.md", figures=tmp_path)
