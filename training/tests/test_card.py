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


def test_the_same_release_gives_the_same_bytes(trained: Trained, tmp_path: Path) -> None:
    first, second = _written(trained, tmp_path / "a"), _written(trained, tmp_path / "b")
    assert first == second
    assert set(first) == {"card.md", "folds.png", "reliability.png"}
    for name in ("folds.png", "reliability.png"):
        assert first[name].startswith(PNG)
        assert b"tEXt" not in first[name]


def test_the_card_says_what_the_manifest_says(trained: Trained) -> None:
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
    assert all(len(line) <= 120 for line in text.split("How it was made")[0].split("can't do")[1].splitlines())


def test_without_a_command_it_names_this_package(trained: Trained) -> None:
    text = card_text(trained.manifest, tried="", figures="figures")
    assert "boursomatic_training train --out models/v0.1.0 --version v0.1.0 --seed 7 --horizon 20" in text


def test_it_says_so_where_there_is_no_edge(trained: Trained) -> None:
    edge = card_text(trained.manifest, tried="", figures="figures")
    assert "excludes 0." in edge
    none = json.loads(json.dumps(trained.manifest))
    none["metrics"]["intervals"]["rank_ic"] = [-0.01, 0.02]
    none["metrics"]["intervals"]["baselines"]["momentum_12_1"]["rank_ic_difference"] = [-0.02, 0.01]
    none["metrics"]["intervals"]["baselines"]["majority_class"]["log_loss_difference"] = [-0.02, 0.01]
    text = " ".join(card_text(none, tried="", figures="figures").split())
    assert "does not exclude 0: it may have no edge at all." in text
    assert "not shown to order stocks better than 12-1 momentum alone does" in text
    assert "not shown to say more than the shares of the classes do" in text


def test_the_incumbent_is_put_beside_it(trained: Trained) -> None:
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
    assert "v0.0.9 was fitted on or near 60" in text
    assert (
        "| 40 rows from 2020-05-05, which neither saw | 0.0111 | 0.1110 | 1.0444 | 0.0222 | 0.2220 | 1.0000 |" in text
    )
    assert "| 0.0333 | 0.3330 | n/a |" in text
    assert "another definition of the labels" in text


def test_what_was_tried_is_there_to_be_put_in(trained: Trained, tmp_path: Path) -> None:
    assert TRIED.is_file()
    assert TRIED.read_bytes().strip() in _written(trained, tmp_path)["card.md"]
    with pytest.raises(BadInputError, match=r"none\.md: No such file"):
        _written(trained, tmp_path, tried=tmp_path / "none.md")


def test_links_lead_from_the_card_to_the_figures(trained: Trained, tmp_path: Path) -> None:
    write_card(trained.base / "release", out=tmp_path / "a" / "card.md", figures=tmp_path / "b" / "c")
    assert "(../b/c/reliability.png)" in (tmp_path / "a" / "card.md").read_text()


def test_a_manifest_of_an_older_trainer_is_refused(trained: Trained, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(trained.base / "release", release)
    metrics = {name: value for name, value in trained.manifest["metrics"].items() if name != "folds"}
    (release / "manifest.json").write_text(json.dumps({**trained.manifest, "metrics": metrics}))
    with pytest.raises(BadInputError, match="lacks 'folds'"):
        write_card(release, out=tmp_path / "card.md", figures=tmp_path)
    assert not (tmp_path / "card.md").exists()


def test_a_release_that_was_tampered_with_has_no_card(trained: Trained, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(trained.base / "release", release)
    (release / "regressor.onnx").write_bytes(b"another")
    with pytest.raises(BadInputError, match="is not the file that the manifest names"):
        write_card(release, out=tmp_path / "card.md", figures=tmp_path)
