"""Nothing goes in, names of files and people come out that try to become part of a page, a formula or a command."""

_BREAKERS = ("", '"', "'", "</title>", "</style>", "</td></tr></table>", "-->", "]]>", "</svg>", "\\", "\x00", "\u202e")
_PAYLOADS = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=document.title='owned'>",
    "<svg/onload=document.title='owned'>",
    "<iframe srcdoc='<script>parent.document.title=1</script>'>",
    "<a href='javascript:document.title=1'>x</a>",
    "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "<base href=https://evil.example>",
    "<form action=https://evil.example><input name=q>",
    "&lt;script&gt;document.title=1&lt;/script&gt;",
    '=HYPERLINK("https://evil.example","x")',
    "onmouseover=document.title='owned' x=",
    "<!--",
)
HOSTILE = tuple(f"{breaker}{payload}" for breaker in _BREAKERS for payload in _PAYLOADS)
