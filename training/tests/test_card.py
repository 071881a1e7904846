import json
import re
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
    for name in ("e5_rank_ic", "n5_rank_icir", "direction_auc", "log_loss_gain_direction"):
        low, high = metrics[name]["interval"]
        assert f"{metrics[name]['value']:.4f} [{low:.4f}, {high:.4f}]" in text
    for baseline in metrics["baselines"].values():
        difference = baseline["e5_rank_ic"]["difference"]
        assert f"{difference['value']:.4f} [{difference['interval'][0]:.4f}," in text
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
    assert "boursomatic_training train --out models/v0.1.0 --version v0.1.0 --seed 7" in text


def _changed(manifest: dict[str, Any], **bounds: list[float]) -> str:
    """The text of a card whose measures have other intervals, on one line."""
    other = json.loads(json.dumps(manifest))
    for name, interval in bounds.items():
        other["metrics"][name]["interval"] = interval
    return " ".join(card_text(other, tried="", figures="figures").split())


def test_the_first_lines_say_what_the_model_can_and_cannot_tell(trained: Trained) -> None:
    manifest = trained.manifest
    good = _changed(manifest, e5_rank_ic=[0.01, 0.2], direction_brier_skill=[0.01, 0.2])
    assert good.index("What it can and cannot tell") < good.index("a little better than chance") < good.index("Data")
    assert "Its chances of up are better than a coin's." in good
    bad = _changed(manifest, e5_rank_ic=[-0.01, 0.2], direction_brier_skill=[-0.01, 0.2])
    assert "no better than chance" in bad
    assert "not shown to be better than a coin's" in bad


def test_an_edge_after_costs_is_claimed_only_where_it_is_shown(trained: Trained) -> None:
    names = [f"top_{share}_excess_after_costs" for share in (2, 5, 10)]
    none = _changed(trained.manifest, **{key: [-0.01, 0.02] for key in names})
    assert none.count("No edge is shown yet.") == 3
    assert "An edge is shown." not in none
    some = _changed(trained.manifest, **{**{key: [-0.01, 0.02] for key in names}, names[1]: [0.001, 0.02]})
    best_5 = some[some.index("its best 5% of a day's stocks") : some.index("its best 10% of a day's stocks")]
    assert "[+0.10%, +2.00%]" in best_5
    assert "An edge is shown." in best_5
    assert some.count("No edge is shown yet.") == 2


def test_the_limits_name_the_baselines_that_are_not_beaten(trained: Trained) -> None:
    other = json.loads(json.dumps(trained.manifest))
    for name, measures in other["metrics"]["baselines"].items():
        for outcome in ("e5", "n5", "n20", "raw20"):
            is_equal = name == "momentum_12_1" and outcome in ("e5", "n20")
            measures[f"{outcome}_rank_ic"]["difference"]["interval"] = [-0.01 if is_equal else 0.01, 0.1]
    text = " ".join(card_text(other, tried="", figures="figures").split())
    assert (
        "not shown to rank stocks better than 12-1 momentum by these outcomes: 5 days beyond factors (decides); "
        "20 days, neutral." in text
    )
    assert "not shown to rank stocks better than weekly reversal" not in text


def test_the_card_compares_the_incumbent(trained: Trained) -> None:
    measure = {"value": 0.0111, "interval": [0.0011, 0.0222]}
    part = {"model": measure, "incumbent": measure, "difference": measure}
    incumbent = {"version": "v0.0.9", "rows": 1_234, **dict.fromkeys(("e5", "n5", "n20", "raw20"), part)}

    def text(of: dict[str, Any]) -> str:
        manifest = {**trained.manifest, "metrics": {**trained.manifest["metrics"], "incumbent": of}}
        return card_text(manifest, tried="", figures="figures")

    assert "on the 1,234 rows that both releases predicted" in text(incumbent)
    assert "| 0.0111 [0.0011, 0.0222] | 0.0111 [0.0011, 0.0222] | 0.0111 [0.0011, 0.0222] |" in text(incumbent)
    assert "v0.0.9 has no out-of-sample predictions" in text({"version": "v0.0.9", "rows": 0})


def test_the_card_includes_the_experiments(trained: Trained, tmp_path: Path) -> None:
    assert TRIED.is_file()
    assert TRIED.read_bytes().strip() in _written(trained, tmp_path)["card.md"]
    with pytest.raises(BadInputError, match=r"none\.md: No such file"):
        _written(trained, tmp_path, tried=tmp_path / "none.md")


def test_the_committed_card_is_the_one_of_the_committed_release() -> None:
    root = Path(__file__).parents[2]
    card = (root / "docs" / "model-card.md").read_text(encoding="utf-8")
    command = re.findall(r"```sh\n(.+)\n```", card)[-1]
    manifest = json.loads((root / "models" / "manifest.json").read_text(encoding="utf-8"))
    tried = TRIED.read_text(encoding="utf-8")
    assert card_text(manifest, tried=tried, figures="figures", command=command) == card


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
    (release / "score.onnx").write_bytes(b"another")
    with pytest.raises(BadInputError, match="is not the file that the manifest names"):
        write_card(release, out=tmp_path / "card.md", figures=tmp_path)
