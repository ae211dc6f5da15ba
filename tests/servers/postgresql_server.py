"""A PostgreSQL of its own, started as an ordinary user: SQL scripts go in, its address and its log come out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ordinary import free_port, listens, program, run, running, server_folder

USER, PASSWORD = "keeper", "correct horse battery"
_FOLDERS = tuple(str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """Where it listens (127.0.0.1) and what it logged: every statement."""

    port: int
    log: Path

    def url(self, database: str, user: str = USER) -> str:
        """Its address, without the password (PASSWORD)."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def run(self, script: str, database: str = "postgres") -> str:
        """Runs an SQL script; gives what psql prints, tab between columns."""
        options = ("-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-")
        return self.client("psql", *options, text=script).decode()

    def dump(self, database: str, *options: str) -> bytes:
        """What pg_dump prints of a database; `-Fc` and `-Ft` are its other forms."""
        return self.client("pg_dump", *options, database)

    def client(self, name: str, *options: str, text: str = "") -> bytes:
        """Runs a client program of PostgreSQL as its administrator."""
        place = ("-h", "127.0.0.1", "-p", str(self.port), "-U", USER)
        return run([program(name, *_FOLDERS), *place, *options], text, PGPASSWORD=PASSWORD)


@contextmanager
def postgresql_server() -> Iterator[PostgreSQL]:
    """Starts one with an empty database `postgres`; skips where it is not installed. Gone when the block ends."""
    server = program("postgres", *_FOLDERS)
    with server_folder() as folder:
        data, secret, log = folder / "data", folder / "secret", folder / "log"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        run([program("initdb", *_FOLDERS), "-D", data, "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}",
             "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"])  # fmt: skip
        port = free_port()
        settings = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off",
                    "log_statement": "all", "max_connections": 30}  # fmt: skip
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        made = PostgreSQL(port, log)
        with running([server, "-D", data, *options], lambda: _answers(made), log):
            yield made


def _answers(server: PostgreSQL) -> bool:
    if not listens(server.port):
        return False
    try:
        server.run("select 1;")
    except RuntimeError:  # it is starting up
        return False
    return True
