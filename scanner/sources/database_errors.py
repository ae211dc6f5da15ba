"""What a database's driver raises goes in, a reason and plain words come out; a server's own text may quote content."""

from scanner.model import Reason

REFUSED = "the server does not let this user read it"
_NO_LOGIN = "the server refuses the user or the password"
_SLOW = "the server took too long for one answer ([limits] answer_seconds), or another program has locked it"
_BROKEN = "the connection to the server broke"
_UNREACHED = "the server cannot be reached"
_GONE = "it is not there any more"
_DAMAGED = "the server cannot read it: it is damaged, or refers to what is not there"

# Beginnings of SQLSTATE (ISO 9075; PostgreSQL's appendix A).
_STATES = (
    ("28", Reason.PERMISSION, _NO_LOGIN),
    ("42501", Reason.PERMISSION, REFUSED),
    ("57014", Reason.TIMED_OUT, _SLOW),
    ("55P03", Reason.TIMED_OUT, _SLOW),
    ("42P01", Reason.CHANGED, _GONE),
    ("42703", Reason.CHANGED, _GONE),
    ("3D000", Reason.CHANGED, _GONE),
    ("3F000", Reason.CHANGED, _GONE),
    ("08", Reason.IO_ERROR, _BROKEN),
    ("57P", Reason.IO_ERROR, _BROKEN),
    ("53", Reason.IO_ERROR, "the server has no room for one more connection or query"),
    ("XX00", Reason.DAMAGED, _DAMAGED),
    ("42804", Reason.DAMAGED, _DAMAGED),
    ("22", Reason.DAMAGED, _DAMAGED),
)
# Error numbers of MySQL and MariaDB.
_NUMBERS = {
    **dict.fromkeys((1045, 1698, 1862), (Reason.PERMISSION, _NO_LOGIN)),
    **dict.fromkeys((1044, 1142, 1143, 1227, 1370, 1449), (Reason.PERMISSION, REFUSED)),
    **dict.fromkeys((1205, 1213, 1317, 1969, 3024), (Reason.TIMED_OUT, _SLOW)),
    **dict.fromkeys((1046, 1049, 1051, 1146), (Reason.CHANGED, _GONE)),
    **dict.fromkeys((2002, 2003, 2005), (Reason.IO_ERROR, _UNREACHED)),
    **dict.fromkeys((2006, 2013, 2014, 2055, 1053, 1927), (Reason.IO_ERROR, _BROKEN)),
    **dict.fromkeys((126, 127, 144, 145, 1034, 1194, 1195, 1356), (Reason.DAMAGED, _DAMAGED)),
}
# Drivers tell these in words only.
_WORDS = (
    ("password authentication failed", Reason.PERMISSION, _NO_LOGIN),
    ("no password supplied", Reason.PERMISSION, _NO_LOGIN),
    ("no pg_hba.conf entry", Reason.PERMISSION, _NO_LOGIN),
    ("does not exist", Reason.CHANGED, _GONE),
    ("no such table", Reason.CHANGED, _GONE),
    ("timed out", Reason.TIMED_OUT, _SLOW),
    ("locked", Reason.TIMED_OUT, _SLOW),
    ("refused", Reason.IO_ERROR, _UNREACHED),
    ("timeout expired", Reason.IO_ERROR, _UNREACHED),
    ("resolve", Reason.IO_ERROR, _UNREACHED),
    ("translate host name", Reason.IO_ERROR, _UNREACHED),
    ("unable to open", Reason.IO_ERROR, "the file cannot be opened"),
    ("closed", Reason.IO_ERROR, _BROKEN),
    ("lost", Reason.IO_ERROR, _BROKEN),
    ("not a database", Reason.DAMAGED, _DAMAGED),
    ("malformed", Reason.DAMAGED, _DAMAGED),
)


def told(error: BaseException) -> tuple[Reason, str]:
    """The reason for the row, and what to say; of an error that nobody foresaw its kind alone."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    for start, reason, words in _STATES:
        if isinstance(state, str) and state.startswith(start):
            return reason, words
    number = cause.args[0] if cause.args else None
    said = str(cause).lower()
    if isinstance(number, int) and number in _NUMBERS and "timed out" not in said:
        return _NUMBERS[number]
    for start, reason, words in _WORDS:
        if start in said:
            return reason, words
    if getattr(error, "connection_invalidated", False):
        return Reason.IO_ERROR, _BROKEN
    return Reason.IO_ERROR, f"the database answered with an error ({state or type(cause).__name__})"
