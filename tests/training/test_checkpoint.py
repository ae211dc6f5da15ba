"""A training goes on from what it wrote itself, whole, and from nothing else."""

import pickle
from pathlib import Path

import pytest

from training.checkpoint import CheckpointError, digest, keep, kept


def test_a_training_goes_on_from_what_it_wrote(tmp_path: Path) -> None:
    path = tmp_path / "reader.pickle"
    assert kept(path, "mine") is None
    keep(path, ({"weights": 1}, 200), "mine")
    keep(path, ({"weights": 2}, 400), "mine")
    assert kept(path, "mine") == ({"weights": 2}, 400)
    assert list(tmp_path.iterdir()) == [path]


def test_a_checkpoint_of_another_training_is_refused(tmp_path: Path) -> None:
    keep(tmp_path / "reader.pickle", 1, digest([b"seed 1"]))
    with pytest.raises(CheckpointError, match="another seed or from other lines; move it away"):
        kept(tmp_path / "reader.pickle", digest([b"seed 2"]))


@pytest.mark.parametrize("content", [b"", b"no pickle", pickle.dumps((1, 2, 3)), pickle.dumps(5)])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "reader.pickle").write_bytes(content)
    with pytest.raises(CheckpointError, match="no checkpoint of this recipe; move it away"):
        kept(tmp_path / "reader.pickle", "mine")


def test_a_kill_while_it_is_written_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "reader.pickle"
    keep(path, 200, "mine")

    def killed(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        keep(path, 400, "mine")
    assert kept(path, "mine") == 200
