"""What a library of a remote place raises goes in, a reason and plain words come out, by the kind of error alone."""

import errno
import ssl

from scanner.model import Reason

_REFUSED = "the server does not let this user read it"
_NO_LOGIN = "the server refuses the user, password or key"
_GONE = "it is not there any more"
_SLOW = "the server took too long for an answer ([limits] answer_seconds)"
_UNREACHED = "the server cannot be reached"
_UNKNOWN_HOST = "the server's key is not known: connect once with ssh and compare it, or name a file as known_hosts"
_BROKEN = "the connection to the server broke"

_BY_NUMBER = {
    errno.EACCES: (Reason.PERMISSION, _REFUSED),
    errno.EPERM: (Reason.PERMISSION, _REFUSED),
    errno.ENOENT: (Reason.CHANGED, _GONE),
    errno.ENOTDIR: (Reason.CHANGED, _GONE),
    errno.ETIMEDOUT: (Reason.TIMED_OUT, _SLOW),
    errno.ECONNREFUSED: (Reason.IO_ERROR, _UNREACHED),
    errno.EHOSTUNREACH: (Reason.IO_ERROR, _UNREACHED),
    errno.ENETUNREACH: (Reason.IO_ERROR, _UNREACHED),
    errno.ECONNRESET: (Reason.IO_ERROR, _BROKEN),
    errno.EPIPE: (Reason.IO_ERROR, _BROKEN),
}
# NTSTATUS ([MS-ERREF] 2.3), of which smbprotocol makes an error without a number.
_BY_STATUS = {
    0xC0000022: (Reason.PERMISSION, _REFUSED),
    0xC0000043: (Reason.IO_ERROR, "another program has it open and lets nobody read it"),
    0xC00000CC: (Reason.CHANGED, "there is no share of this name"),
    0xC000006D: (Reason.PERMISSION, _NO_LOGIN),
}
# Words in the names of error classes; the libraries have no common ones. The first that fits decides.
_BY_NAME = (
    ("BadHostKey", Reason.PERMISSION, "the server has another key than it had: it may not be the right one"),
    (
        "CertVerification",
        Reason.PERMISSION,
        "the server's certificate is not known: ca_file in the credentials file names it",
    ),
    ("Authentication", Reason.PERMISSION, _NO_LOGIN),
    ("Credential", Reason.PERMISSION, _NO_LOGIN),
    ("LogonFailure", Reason.PERMISSION, _NO_LOGIN),
    ("AccessDenied", Reason.PERMISSION, _REFUSED),
    ("Permission", Reason.PERMISSION, _REFUSED),
    ("NotFound", Reason.CHANGED, _GONE),
    ("BadNetworkName", Reason.CHANGED, "there is no share of this name"),
    ("Timeout", Reason.TIMED_OUT, _SLOW),
    ("Unicode", Reason.IO_ERROR, "a name in it is not UTF-8, which this library cannot list"),
    ("ConnectionRefused", Reason.IO_ERROR, _UNREACHED),
    ("EndpointConnection", Reason.IO_ERROR, _UNREACHED),
    ("ServiceRequest", Reason.IO_ERROR, _UNREACHED),
    ("NoValidConnections", Reason.IO_ERROR, _UNREACHED),
    ("gaierror", Reason.IO_ERROR, "there is no server of this name"),
    ("EOFError", Reason.IO_ERROR, _BROKEN),
    ("ConnectionClosed", Reason.IO_ERROR, _BROKEN),
)


def told(error: BaseException) -> tuple[Reason, str]:
    """The reason for the row, and what to say; of an error that nobody foresaw its kind alone."""
    seen = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        names = " ".join(kind.__name__ for kind in type(cause).__mro__)
        if "SSHException" in names and "known_hosts" in str(cause):
            return Reason.PERMISSION, _UNKNOWN_HOST
        if (status := getattr(cause, "ntstatus", None)) in _BY_STATUS:
            return _BY_STATUS[status]
        number = getattr(cause, "errno", None)
        # An error of TLS has a number of TLS.
        if isinstance(number, int) and number in _BY_NUMBER and not isinstance(cause, ssl.SSLError):
            return _BY_NUMBER[number]
        for word, reason, words in _BY_NAME:
            if word in names:
                return reason, words
        cause = cause.__cause__ or cause.__context__
    return Reason.IO_ERROR, f"the server, or the way to it, failed ({type(error).__name__})"
