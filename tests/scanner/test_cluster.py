"""A dask cluster of separate processes gives the report of one process, also when its workers are killed meanwhile."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from reports.parquet import Report
from scanner import scan
from scanner.executors.crew import WorkerError
from scanner.home import load_key
from scanner.plan import PlanError

posix = pytest.mark.skipif(os.name != "posix", reason="kills processes as POSIX systems do")


def rows(report: Report) -> tuple[list[str], ...]:
    items = report.items.drop_columns(["cpu_seconds"])
    return tuple(sorted(map(str, table.to_pylist())) for table in (report.findings, items, report.keys))


class Cluster:
    """A scheduler and workers, each a process of its own; a worker with a nanny is started again when it dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        while not self._file.exists():
            time.sleep(0.05)
        with Client(scheduler_file=str(self._file), set_as_default=False) as client:
            self.address = str(client.scheduler.address).replace("tcp://", "dask://")

    def worker(self, *words: str) -> "subprocess.Popen[bytes]":
        return self._start("worker", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", *words)

    def pids(self) -> list[int]:
        with Client(scheduler_file=str(self._file), set_as_default=False) as client:
            return list(client.run(os.getpid).values())

    def plugins(self) -> list[str]:
        def names(dask_scheduler: Any) -> list[str]:
            return list(dask_scheduler.worker_plugins)

        with Client(scheduler_file=str(self._file), set_as_default=False) as client:
            found: list[str] = client.run_on_scheduler(names)
            return found

    def wait_for(self, workers: int) -> None:
        with Client(scheduler_file=str(self._file), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, kind: str, *words: str) -> "subprocess.Popen[bytes]":
        where = ["--scheduler-file", str(self._file)]
        where += ["--local-directory", str(self._folder)] if kind == "worker" else []
        command = [sys.executable, "-m", "dask", kind, *where, *words]
        log = (self._folder / f"{kind}.log").open("ab")
        self._processes.append(subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log))
        return self._processes[-1]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    started = Cluster(folder)
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def share(tmp_path: Path) -> Path:
    place = tmp_path / "share"
    place.mkdir()
    for number in range(60):
        (place / f"{number:03}.csv").write_text(
            "name,email\n" + "".join(f"Ann Lee,a{number}.{line}@mail.example\n" for line in range(20))
        )
    (place / "copy.csv").write_bytes((place / "007.csv").read_bytes())
    mails = (
        f"From gate@relay.example Mon May  6 10:00:00 2024\nFrom: p{number}@x.example\nTo: b@x.example\n"
        f"Subject: note\n\nNew address: p{number}@home.example\n\n"
        for number in range(800)
    )
    (place / "a.mbox").write_text("".join(mails))
    return place


def test_two_workers_give_the_report_of_one_process(tmp_path: Path, share: Path, cluster: Cluster) -> None:
    cluster.worker()
    cluster.worker("--no-nanny")
    cluster.wait_for(2)
    report = scan(share, home=tmp_path / "home", names="off", executor=cluster.address)
    assert rows(report) == rows(scan(share, home=tmp_path / "home", names="off"))
    assert [name for name in cluster.plugins() if "whosedata" in name] == []  # the key stays nowhere


@posix
def test_workers_that_are_killed_change_nothing(tmp_path: Path, share: Path, cluster: Cluster) -> None:
    cluster.worker()  # comes back
    lonely = cluster.worker("--no-nanny")  # does not
    cluster.wait_for(2)
    config = tmp_path / "whosedata.toml"
    config.write_text("[limits]\nmark_seconds = 0.05\n", encoding="utf-8")
    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        [nursed] = set(cluster.pids()) - {lonely.pid}
        for wanted, pid in ((4, nursed), (12, lonely.pid)):
            while len(list(tmp_path.glob("torn.parquet.journal/*.findings.arrow"))) < wanted:
                if done.wait(0.01):
                    return  # it was faster than the killer: make the share larger
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    options = {"home": tmp_path / "home", "names": "off", "config": config}
    report = scan(share, tmp_path / "torn.parquet", executor=cluster.address, **options)  # type: ignore[arg-type]
    done.set()
    killer.join()
    assert len(killed) == 2
    assert rows(report) == rows(scan(share, **options))  # type: ignore[arg-type]


def test_a_worker_that_comes_late_is_waited_for(tmp_path: Path, cluster: Cluster) -> None:
    (tmp_path / "a.txt").write_text("write to ann@mail.example")
    timer = threading.Timer(3, cluster.worker)
    timer.start()
    report = scan(tmp_path / "a.txt", home=tmp_path / "home", names="off", executor=cluster.address)
    timer.join()
    assert report.findings.num_rows == 1


def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.executors.dask.CONNECT_SECONDS", 1.0)
    (tmp_path / "a.txt").write_text("write to ann@mail.example")
    with pytest.raises(WorkerError, match="No scheduler answers"):
        scan(tmp_path / "a.txt", home=tmp_path / "home", names="off", executor="dask://127.0.0.1:9")


def test_the_key_stands_in_no_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    plain = Client.submit

    def submit(self: Client, *given: Any, **named: Any) -> Any:
        sent.append(pickle.dumps((given[1:], named)))
        return plain(self, *given, **named)

    monkeypatch.setattr(Client, "submit", submit)
    (tmp_path / "a.txt").write_text("write to ann@mail.example")
    (tmp_path / "words").write_text("heron and wren")
    scan(tmp_path / "a.txt", home=tmp_path / "home", names="off", executor="dask", jobs=1, passwords=tmp_path / "words")
    assert any(b"a.txt" in task for task in sent)
    secret = load_key(tmp_path / "home").secret
    assert not any(secret in task or secret.hex().encode() in task or b"heron" in task for task in sent)


@pytest.mark.parametrize("name", ["ray", "dask://", "processes://host:1", "dask+tls", "spark://host:1"])
def test_engines_that_are_not_known(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("write to ann@mail.example")
    with pytest.raises(PlanError, match="--engine"):
        scan(tmp_path / "a.txt", home=tmp_path / "home", names="off", executor=name)
