"""A Dovecot of its own, started as an ordinary user: mail goes into its folders, an IMAP place comes out, with TLS."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ordinary import free_port, give, listens, program, run, running, server_folder, user_name

USER, PASSWORD = "ann", "correct-horse-battery"
_SETTINGS = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = no
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {secure_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """Where it listens on 127.0.0.1 (plain with STARTTLS, and TLS), its certificate, and its log."""

    port: int
    secure_port: int
    certificate: Path
    log: Path

    def url(self, folder: str = "", user: str = USER) -> str:
        """The TLS address of a folder, without the password (PASSWORD)."""
        return f"imaps://{user}@127.0.0.1:{self.secure_port}/{folder}"

    @contextmanager
    def session(self, user: str = USER) -> Iterator[imaplib.IMAP4]:
        """A session that may write: to fill folders, and to look at flags."""
        with imaplib.IMAP4_SSL("127.0.0.1", self.secure_port, ssl_context=self._trusting()) as session:
            session.login(user, PASSWORD)
            yield session

    def _trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


@contextmanager
def dovecot_server() -> Iterator[Dovecot]:
    """Starts one with empty mailboxes for any user; skips where it is not installed. Gone when the block ends."""
    server, openssl = program("dovecot"), program("openssl")
    with server_folder() as folder:
        certificate, log, settings = folder / "cert.pem", folder / "log", folder / "dovecot.conf"
        run([openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "30", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
             "-addext", "keyUsage=critical,digitalSignature,keyCertSign",
             "-keyout", folder / "key.pem", "-out", certificate])  # fmt: skip
        ports = free_port(), free_port()
        group = run(["id", "-gn"]).decode().strip()
        settings.write_text(
            _SETTINGS.format(
                folder=folder, user=user_name(), group=group, password=PASSWORD, port=ports[0], secure_port=ports[1]
            )
        )
        for name in ("run", "state", "mail"):
            (folder / name).mkdir()
            give(folder / name)
        with running([server, "-F", "-c", settings], lambda: listens(ports[1]), folder / "printed"):
            yield Dovecot(*ports, certificate, log)
