"""The beginning of a text goes in, the delimiter that clevercsv sees in it comes out; imported on first need.

clevercsv takes half a second to import, and next to no table needs it.
"""

import clevercsv


def sniff(text: str) -> str:
    """The delimiter, "" where it names one that no table has: it likes to cut addresses at "@", sentences at spaces."""
    try:
        found = clevercsv.Sniffer().sniff(text, verbose=False)
    except clevercsv.Error:
        return ""
    delimiter = str(found.delimiter) if found is not None else ""
    usable = len(delimiter) == 1 and not delimiter.isalnum() and delimiter not in " @.-_'\"/\r\n\\"
    return delimiter if usable else ""
