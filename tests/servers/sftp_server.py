"""An OpenSSH server of its own, started as an ordinary user: a folder comes out as an SFTP place behind a key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ordinary import free_port, give, listens, program, run, running, server_folder, user_name


@dataclass(frozen=True, slots=True)
class SFTP:
    """Where it listens (127.0.0.1), the folder that it shows, what a client needs, and the log of what it was asked."""

    port: int
    share: Path
    key_file: Path
    known_hosts: Path
    log: Path

    def url(self, path: str = "") -> str:
        """The address of a path below the share."""
        return f"sftp://{user_name()}@127.0.0.1:{self.port}{self.share}{path}"


@contextmanager
def sftp_server() -> Iterator[SFTP]:
    """Starts one with an empty share; skips where it is not installed. Gone when the block ends."""
    server, generate = program("sshd"), program("ssh-keygen")
    with server_folder() as folder:
        host_key, own_key, log, share = folder / "host", folder / "own", folder / "log", folder / "share"
        for key in (host_key, own_key):
            run([generate, "-q", "-t", "ed25519", "-N", "", "-f", key])
        share.mkdir()
        give(share)
        port = free_port()
        known_hosts = folder / "known_hosts"
        kind, public, *_ = host_key.with_suffix(".pub").read_text().split()
        known_hosts.write_text(f"[127.0.0.1]:{port} {kind} {public}\n")
        settings = folder / "sshd_config"
        settings.write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {host_key}\nAuthorizedKeysFile {own_key}.pub\n"
            f"PidFile {folder / 'pid'}\nStrictModes no\nUsePAM yes\nPasswordAuthentication no\n"
            "Subsystem sftp internal-sftp -l VERBOSE\nForceCommand internal-sftp -l VERBOSE\nLogLevel VERBOSE\n"
        )
        with running([server, "-D", "-e", "-f", settings], lambda: listens(port), log):
            yield SFTP(port, share, own_key, known_hosts, log)
