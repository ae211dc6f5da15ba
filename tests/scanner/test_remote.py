"""Files elsewhere, on real servers: the same rows as from the same files here, by reading alone."""

import errno
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import adlfs
import pytest
import s3fs
import samba_server
import swift_server
from azurite_server import Azurite
from click.testing import CliRunner
from ordinary import free_port, give, user_name
from samba_server import Samba
from sftp_server import SFTP, sftp_server
from swift_server import Swift

from reports.ids import format_id
from reports.parquet import Report, read_report
from scanner import scan
from scanner.model import Reason, Skip
from scanner.plan import Root, make_plan, make_roots
from scanner.reachable import LostPlaceError
from scanner.run import Run, scan_to_files, with_secrets
from scanner.scanning import Nobody
from scanner.sources import Terms
from scanner.sources.fetched import fetched
from scanner.sources.remote import require
from subjects.cli import scan_command, whosedata

SAMPLE = Path(__file__).parents[2] / "sample_data" / "share"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place that holds SAMPLE and `odd`: its address, its credentials file, and how to see whether it was changed."""

    address: str
    credentials: Path
    state: Callable[[], object]
    executor: str = "serial"


def secrets(folder: Path, address: str, **values: object) -> Path:
    file = folder / "secrets.toml"
    file.write_text(f'["{address}"]\n' + "".join(f'{name} = "{value}"\n' for name, value in values.items()))
    return file


def filled(folder: Path) -> None:
    """Copies what is to be scanned, and lets the server read it."""
    shutil.copytree(SAMPLE, folder)
    odd = folder / "odd"
    odd.mkdir()
    (odd / "Zoë 50% #1 & more!.txt").write_text("ann.lee@mail.example\n", encoding="utf-8")
    (odd / "empty.txt").touch()
    (odd / "large.txt").write_text("carol@mail.example\n" + "x" * 79 * 40_000, encoding="utf-8")
    for path in (folder, *folder.rglob("*")):
        give(path)


def tree(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Sizes, times and permissions of all files below a folder."""
    found = {str(path): path.stat() for path in folder.rglob("*")}
    return {path: (told.st_size, told.st_mtime_ns, told.st_mode) for path, told in found.items()}


@contextmanager
def on_sftp(request: pytest.FixtureRequest, folder: Path) -> Iterator[Elsewhere]:
    sftp: SFTP = request.getfixturevalue("sftp")
    place = sftp.share / "all"
    filled(place)
    address = sftp.url("/all")
    try:
        file = secrets(folder, address, key_file=sftp.key_file, known_hosts=sftp.known_hosts)
        yield Elsewhere(address, file, lambda: tree(place))
    finally:
        shutil.rmtree(place)


@contextmanager
def on_smb(request: pytest.FixtureRequest, folder: Path) -> Iterator[Elsewhere]:
    samba: Samba = request.getfixturevalue("samba")
    place = samba.share / "all"
    filled(place)
    try:
        file = secrets(folder, samba.url(), password=samba_server.PASSWORD)
        yield Elsewhere(samba.url("/all"), file, lambda: tree(place), "processes")
    finally:
        shutil.rmtree(place)


@contextmanager
def on_s3(request: pytest.FixtureRequest, folder: Path) -> Iterator[Elsewhere]:
    swift: Swift = request.getfixturevalue("swift")
    key, secret = swift_server.ACCESS_KEY, swift_server.SECRET_KEY
    there = s3fs.S3FileSystem(
        key=key, secret=secret, client_kwargs={"endpoint_url": swift.endpoint, "region_name": "us-east-1"}
    )
    filled(folder / "copy")
    there.mkdir("office")
    there.put(str(folder / "copy"), "office/all", recursive=True)
    values = {"access_key": key, "secret_key": secret, "endpoint": swift.endpoint, "region": "us-east-1"}
    begun = len(swift.log.read_text())

    def changes() -> list[str]:
        """Requests of its log that do more than read."""
        return re.findall(r" (?:PUT|POST|DELETE|COPY) /", swift.log.read_text()[begun:])

    yield Elsewhere("s3://office/all", secrets(folder, "s3://office", **values), changes)


@contextmanager
def on_azure(request: pytest.FixtureRequest, folder: Path) -> Iterator[Elsewhere]:
    azurite: Azurite = request.getfixturevalue("azurite")
    there = adlfs.AzureBlobFileSystem(connection_string=azurite.connection_string)
    filled(folder / "copy")
    there.mkdir("office")
    there.put(str(folder / "copy"), "office/all", recursive=True)
    yield Elsewhere(
        "abfs://office@devstoreaccount1.blob.core.windows.net/all",
        secrets(
            folder,
            "abfs://office@devstoreaccount1.blob.core.windows.net",
            connection_string=azurite.connection_string,
        ),
        lambda: [
            (one["name"], one["etag"], one["last_modified"]) for one in there.find("office", detail=True).values()
        ],
    )


PLACES = {"sftp": on_sftp, "smb": on_smb, "s3": on_s3, "azure": on_azure}


@pytest.fixture(scope="module", params=list(PLACES))
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    with tempfile.TemporaryDirectory() as folder, PLACES[request.param](request, Path(folder)) as place:
        yield place


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The home of this module, and the report of the same files on this computer."""
    folder = tmp_path_factory.mktemp("here")
    filled(folder / "all")
    return folder / "home", scan(folder / "all", home=folder / "home", names="off", labels=["all"])


def rows(report: Report) -> list[tuple[object, ...]]:
    columns = ["finding_id", "item", "location", "entity_type", "value_id", "score"]
    return sorted(tuple(row[name] for name in columns) for row in report.to_arrow().to_pylist())


def items(report: Report) -> list[tuple[object, ...]]:
    columns = [
        "item",
        "parent",
        "media_type",
        "size",
        "content_hash",
        "status",
        "reason",
        "detail",
        "findings",
        "duplicate_of",
    ]
    return sorted(tuple(str(row[name]) for name in columns) for row in report.items.to_pylist())


def test_the_rows_are_those_of_the_same_files_here(elsewhere: Elsewhere, here: tuple[Path, Report]) -> None:
    home, expected = here
    before = elsewhere.state()
    options = {"home": home, "names": "off", "labels": ["all"], "credentials": elsewhere.credentials}
    report = scan(elsewhere.address, executor=elsewhere.executor, jobs=2, **options)
    assert items(report) == items(expected)
    assert rows(report) == rows(expected)
    assert len(rows(report)) > 300
    assert all(row["modified"].year >= 2024 for row in report.items.to_pylist() if not row["parent"])
    assert elsewhere.state() == before


def test_a_file_that_is_too_large_for_a_copy_is_read_where_it_lies(
    elsewhere: Elsewhere, here: tuple[Path, Report], tmp_path: Path
) -> None:
    home, expected = here
    config = tmp_path / "whosedata.toml"
    config.write_text('[limits]\nmax_spooled = "1KB"\n')
    options = {"home": home, "names": "off", "labels": ["all"], "credentials": elsewhere.credentials}
    report = scan(elsewhere.address, config=config, include=["clients/", "archive/", "odd/"], **options)
    met = {row[1] for row in rows(report)}
    assert {"clients/casework.db", "odd/large.txt"} < met
    assert any("!/" in str(path) for path in met)
    assert rows(report) == [row for row in rows(expected) if row[1] in met]


def test_a_finding_is_opened_where_it_lies(
    elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHOSEDATA_HOME", str(tmp_path / "home"))
    words = [
        "--names",
        "off",
        "--credentials",
        str(elsewhere.credentials),
        "--include",
        "odd/",
        "--include",
        "archive/",
    ]
    result = CliRunner().invoke(scan_command, [elsewhere.address, "--jobs", "1", *words])
    assert result.exit_code == 0, result.output
    found = read_report(tmp_path / "report.parquet").to_arrow().to_pylist()
    [plain] = [row for row in found if row["item"] == "odd/Zoë 50%25 #1 & more%21.txt"]
    packed = next(row for row in found if "!/" in row["item"] and row["entity_type"] == "EMAIL_ADDRESS")
    for row, text in ((plain, "text     ann.lee@mail.example"), (packed, f"where    all/{packed['item']}")):
        words = ["open", "report.parquet", format_id(row["finding_id"]), "--credentials", str(elsewhere.credentials)]
        opened = CliRunner().invoke(whosedata, words)
        assert opened.exit_code == 0, opened.output
        assert text in opened.output


def test_what_cannot_be_read_is_a_row(sftp: SFTP, samba: Samba, tmp_path: Path) -> None:
    for share, address, values in (
        (sftp.share, sftp.url("/closed"), {"key_file": sftp.key_file, "known_hosts": sftp.known_hosts}),
        (samba.share, samba.url("/closed"), {"password": samba_server.PASSWORD}),
    ):
        place = share / "closed"
        place.mkdir(exist_ok=True)
        (place / "open.txt").write_text("ann@mail.example")
        (place / "locked.txt").write_text("bob@mail.example")
        (place / "locked").mkdir()
        for path in place.iterdir():
            give(path)
        (place / "locked.txt").chmod(0)
        (place / "locked").chmod(0)
        (place / "link.txt").symlink_to("/etc/passwd")
        report = scan(address, home=tmp_path / "home", names="off", credentials=secrets(tmp_path, address, **values))
        met = {row["item"]: (row["status"], row["reason"]) for row in report.items.to_pylist()}
        assert met["open.txt"] == ("examined", None)
        assert met["locked.txt"] == met["locked"] == ("not_examined", "permission")
        assert met.get("link.txt", ("not_examined", "special"))[1] in ("special", "permission")


def test_a_server_that_is_not_known_or_not_there_is_a_row(
    sftp: SFTP, samba: Samba, swift: Swift, tmp_path: Path
) -> None:
    nobody = tmp_path / "known_hosts"
    nobody.write_text(
        f"[127.0.0.1]:{sftp.port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1Yx3PXHXNeOc9GgVyeUcOLpDvBTtQ2LjR7YDs4hv5T\n"
    )
    empty = tmp_path / "empty"
    empty.touch()
    closed = free_port()
    own = {"access_key": swift_server.ACCESS_KEY, "endpoint": swift.endpoint, "region": "us-east-1"}
    tried = [
        (sftp.url(), {"key_file": sftp.key_file, "known_hosts": nobody}, "permission", "another key"),
        (sftp.url(), {"key_file": sftp.key_file, "known_hosts": empty}, "permission", "is not known"),
        (f"sftp://{user_name()}@127.0.0.1:{closed}/", {"key_file": sftp.key_file}, "io_error", "cannot be reached"),
        (samba.url().replace("nobody@", "stranger@"), {"password": "wrong"}, "permission", "refuses the user"),
        (samba.url().replace("/office", "/nothing"), {"password": samba_server.PASSWORD}, "changed", "not there"),
        ("s3://office", {**own, "secret_key": "wrong"}, "permission", ""),
        ("s3://nothing", {**own, "secret_key": swift_server.SECRET_KEY}, "changed", "not there"),
    ]
    for address, values, reason, words in tried:
        report = scan(address, home=tmp_path / "home", names="off", credentials=secrets(tmp_path, address, **values))
        [row] = report.items.to_pylist()[:1]
        assert (row["item"], row["status"], row["reason"]) == (".", "not_examined", reason), (address, row["detail"])
        assert words in row["detail"], address


class Unplugs(Nobody):
    """Ends what it is given when the first file is done."""

    def __init__(self, ended: ExitStack) -> None:
        self.ended = ended

    def finished(self, items: int, size: int) -> None:
        if items:
            self.ended.close()


def test_a_folder_of_a_server_that_goes_away_is_a_sentence_and_no_row_for_each_file(tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(sftp_server())
        for number in range(60):
            path = server.share / f"{number:02}.txt"
            path.write_text(f"ann{number}@mail.example", encoding="utf-8")
            give(path)
        file = secrets(tmp_path, server.url(), key_file=server.key_file, known_hosts=server.known_hosts)
        plan = make_plan(make_roots([server.url()]), {}, names="off")
        run = with_secrets(Run(tmp_path / "r.parquet", tmp_path / "home"), plan, {}, None, file)
        with pytest.raises(LostPlaceError, match=r"cannot be read any more .*: the disk or share is gone"):
            scan_to_files(plan, run, Unplugs(stack))
    assert not (tmp_path / "r.parquet").exists()
    assert (tmp_path / "r.parquet.journal").is_dir()


def test_a_place_where_nobody_listens_is_lost() -> None:
    address = f"sftp://{user_name()}@127.0.0.1:{free_port()}/share"
    with pytest.raises(LostPlaceError, match="cannot be reached"):
        require(Root(address, "share"), Terms())


@pytest.mark.parametrize(("size", "words"), [(5, "longer"), (500, "shorter")])
def test_a_file_that_changes_while_it_is_fetched_is_not_taken_for_the_one_that_was_met(size: int, words: str) -> None:
    with fetched(io.BytesIO(b"x" * 100), size, most=1000) as stream, pytest.raises(Skip, match=words) as raised:
        stream.read()
    assert raised.value.reason is Reason.CHANGED


def test_a_line_that_breaks_is_no_damaged_file() -> None:
    class Broken(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            raise ConnectionResetError(errno.ECONNRESET, "reset")

    for most in (0, 1000):
        with fetched(Broken(b"x" * 100), 100, most) as stream, pytest.raises(Skip) as raised:
            stream.read()
        assert (raised.value.reason, raised.value.detail) == (Reason.IO_ERROR, "the connection to the server broke")


def test_a_fetched_file_can_be_read_in_any_order() -> None:
    content = bytes(range(256)) * 8192
    with fetched(io.BytesIO(content), len(content), most=len(content)) as stream:
        for offset, count in ((1_500_000, 10), (0, 5), (len(content) - 3, 9), (700, 1_400_000)):
            stream.seek(offset)
            assert stream.read(count) == content[offset : offset + count]
        assert stream.seek(0, io.SEEK_END) == len(content)
