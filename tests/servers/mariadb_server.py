"""A MariaDB of its own, started as an ordinary user: SQL scripts go in, its address and its log come out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ordinary import free_port, listens, program, run, running, server_folder

USER, PASSWORD = "keeper", "correct horse battery"


@dataclass(frozen=True, slots=True)
class MariaDB:
    """Where it listens (127.0.0.1, and a socket for its administrator) and what it logged: every statement."""

    port: int
    socket: Path
    log: Path

    def url(self, database: str = "", user: str = USER) -> str:
        """Its address, without the password (PASSWORD)."""
        return f"mariadb://{user}@127.0.0.1:{self.port}/{database}"

    def run(self, script: str, database: str = "") -> str:
        """Runs an SQL script; gives what the client prints, tab between columns."""
        return self.client(
            "mariadb", "--batch", "--skip-column-names", *filter(None, (database,)), text=script
        ).decode()

    def dump(self, database: str, *options: str) -> bytes:
        """What mariadb-dump prints of a database."""
        return self.client("mariadb-dump", *options, database)

    def client(self, name: str, *options: str, text: str = "") -> bytes:
        """Runs a client program of MariaDB as its administrator."""
        return run([program(name), "--no-defaults", f"--socket={self.socket}", "-u", "root", *options], text)


@contextmanager
def mariadb_server() -> Iterator[MariaDB]:
    """Starts one without any database; skips where it is not installed. Gone when the block ends."""
    server = program("mariadbd")
    with server_folder() as folder:
        data, log, statements, port = folder / "data", folder / "printed", folder / "log", free_port()
        setting_up = ["--skip-test-db", "--skip-name-resolve", "--auth-root-authentication-method=normal"]
        where = f"--datadir={data}"
        run([program("mariadb-install-db"), "--no-defaults", where, *setting_up, "--innodb-flush-method=nosync"])
        made = MariaDB(port, folder / "socket", statements)
        command = [server, "--no-defaults", where, f"--socket={made.socket}", f"--port={port}",
                   "--bind-address=127.0.0.1", f"--pid-file={folder / 'pid'}", "--skip-name-resolve", "--general-log",
                   f"--general-log-file={statements}", "--innodb-flush-method=nosync"]  # fmt: skip
        with running(command, lambda: made.socket.exists() and listens(port), log):
            made.run(
                f"CREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}'; GRANT SELECT, SHOW VIEW ON *.* TO '{USER}'@'%';"
            )
            yield made
