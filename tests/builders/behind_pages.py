"""An address goes in, HTML, XML and JSON come out that hide it behind depth, entities, attributes and broken ends."""

from collections.abc import Callable

MB = 1_000_000
DEPTHS = (200, 300, 600, 5000, 100_000)


def html(body: str) -> bytes:
    """A page around it."""
    return f"<!DOCTYPE html><html><head><title>t</title></head><body><p>first</p>{body}</body></html>".encode()


def deep_html(tag: str, depth: int) -> Callable[[str], bytes]:
    """The address within so many elements of one sort."""
    return lambda canary: html(f"<{tag}>" * depth + f"<p>{canary}</p>" + f"</{tag}>" * depth + "<p>last</p>")


def deep_xml(depth: int) -> Callable[[str], bytes]:
    """The same in XML."""
    return lambda canary: b"<?xml version='1.0'?><r>" + b"<a>" * depth + canary.encode() + b"</a>" * depth + b"</r>"


def deep_json(depth: int, mark: str = "[]") -> Callable[[str], bytes]:
    """The same in JSON."""
    if mark == "[]":
        return lambda canary: b"[" * depth + b'"' + canary.encode() + b'"' + b"]" * depth
    return lambda canary: b'{"a":' * depth + b'"' + canary.encode() + b'"' + b"}" * depth


def xml(body: str, before: str = "") -> bytes:
    """A document around it."""
    return f"<?xml version='1.0' encoding='utf-8'?>{before}<r><a>first</a>{body}<z>last</z></r>".encode()


DEEP_HTML = {
    f"deep {tag.partition('>')[0]} {depth}.html": deep_html(tag, depth)
    for tag in ("div", "span", "table><tr><td", "ul><li", "blockquote", "b", "font")
    for depth in (DEPTHS if tag == "div" else (300, 5000))
}
HTML: dict[str, Callable[[str], bytes]] = DEEP_HTML | {
    "entities.html": lambda c: html(c.replace("@", "&#64;").replace(".", "&period;")),
    "entities in hex.html": lambda c: html(c.replace("@", "&#x40;")),
    "entity commat.html": lambda c: html(c.replace("@", "&commat;")),
    "unknown entity before.html": lambda c: html(f"&nonsense; &#xFFFFFFFF; &#0; {c}"),
    "million entities.html": lambda c: html("&amp;" * 200_000 + c),
    "mailto.html": lambda c: html(f"<a href='mailto:{c}'>write</a>"),
    "mailto encoded.html": lambda c: html(f"<a href='mailto:{c.replace('@', '%40')}'>write</a>"),
    "value of a field.html": lambda c: html(f"<form><input value='{c}'></form>"),
    "hidden field.html": lambda c: html(f"<form><input type=hidden value='{c}'></form>"),
    "textarea.html": lambda c: html(f"<textarea>{c}</textarea>"),
    "option.html": lambda c: html(f"<select><option>a<option>{c}</select>"),
    "alt.html": lambda c: html(f"<img alt='{c}'>"),
    "title attribute.html": lambda c: html(f"<p title='{c}'>x</p>"),
    "placeholder.html": lambda c: html(f"<input placeholder='{c}'>"),
    "meta.html": lambda c: f"<html><head><meta name=author content='{c}'></head><body>x</body></html>".encode(),
    "title.html": lambda c: f"<html><head><title>{c}</title></head><body>x</body></html>".encode(),
    "comment.html": lambda c: html(f"<!-- {c} -->"),
    "conditional comment.html": lambda c: html(f"<!--[if mso]><p>{c}</p><![endif]-->"),
    "script.html": lambda c: html(f"<script>var owner = '{c}';</script>"),
    "JSON-LD.html": lambda c: html(f'<script type="application/ld+json">{{"email": "{c}"}}</script>'),
    "noscript.html": lambda c: html(f"<noscript><p>{c}</p></noscript>"),
    "template.html": lambda c: html(f"<template><p>{c}</p></template>"),
    "noframes.html": lambda c: f"<html><frameset><frame src=a><noframes>{c}</noframes></frameset></html>".encode(),
    "noframes in a body.html": lambda c: html(f"<noframes>{c}</noframes>"),
    "iframe text.html": lambda c: html(f"<iframe>{c}</iframe>"),
    "srcdoc.html": lambda c: html(f"<iframe srcdoc='&lt;p&gt;{c}&lt;/p&gt;'></iframe>"),
    "svg.html": lambda c: html(f"<svg><text>{c}</text></svg>"),
    "svg title.html": lambda c: html(f"<svg><title>{c}</title></svg>"),
    "svg desc.html": lambda c: html(f"<svg><desc>{c}</desc></svg>"),
    "foreignObject.html": lambda c: html(f"<svg><foreignObject><p>{c}</p></foreignObject></svg>"),
    "mathml.html": lambda c: html(f"<math><mtext>{c}</mtext></math>"),
    "hidden.html": lambda c: html(f"<p hidden style='display:none'>{c}</p>"),
    "details.html": lambda c: html(f"<details><summary>x</summary>{c}</details>"),
    "dialog.html": lambda c: html(f"<dialog>{c}</dialog>"),
    "datalist.html": lambda c: html(f"<datalist><option value='{c}'></datalist>"),
    "object.html": lambda c: html(f"<object>{c}</object>"),
    "canvas.html": lambda c: html(f"<canvas>{c}</canvas>"),
    "video.html": lambda c: html(f"<video>{c}</video>"),
    "style.html": lambda c: html(f"<style>p::before {{ content: '{c}' }}</style>"),
    "behind the end.html": lambda c: html("x") + f"<p>{c}</p>".encode(),
    "open comment.html": lambda c: html(f"<!-- not closed <p>{c}</p>"),
    "open title.html": lambda c: f"<html><head><title>not closed <body><p>{c}</p>".encode(),
    "open textarea.html": lambda c: html(f"<textarea>not closed <p>{c}</p>"),
    "open script.html": lambda c: html(f"<script>not closed <p>{c}</p>"),
    "open style.html": lambda c: html(f"<style>not closed <p>{c}</p>"),
    "open attribute.html": lambda c: html(f'<p class="not closed><p>{c}</p>'),
    "plaintext.html": lambda c: html(f"<plaintext><p>{c}"),
    "xmp.html": lambda c: html(f"<xmp><p>{c}</xmp>"),
    "CDATA.html": lambda c: html(f"<![CDATA[{c}]]>"),
    "million characters.html": lambda c: html(f"<p>{'word ' * 250_000}{c}</p>"),
    "million characters in an attribute.html": lambda c: html(f"<p title='{'x' * MB}'>x</p><p>{c}</p>"),
    "many columns.html": lambda c: html("<table><tr>" + "<td>x" * 10_000 + f"<td>{c}</table>"),
    "many rows.html": lambda c: html("<table>" + "<tr><td>x" * 20_000 + f"<tr><td>{c}</table>"),
    "many paragraphs.html": lambda c: html("<p>x" * 50_000 + f"<p>{c}"),
    "many attributes.html": lambda c: html("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + f">{c}</p>"),
    "NULs.html": lambda c: html("<p>\0\0\0</p><p>" + c + "</p>"),
    "less-than signs.html": lambda c: html("<a<" * 20_000 + f"> <p>{c}</p>"),
    "split by tags.html": lambda c: html("".join(f"<b>{letter}</b>" for letter in c)),
    "soft break.html": lambda c: html(c.replace("@", "<wbr>@")),
    "UTF-16.html": lambda c: html(c).decode().encode("utf-16"),
    "wrong charset.html": lambda c: html(f"<meta charset=utf-16><p>é {c}</p>"),
    "charset UTF-7.html": lambda c: html(f"<meta charset=utf-7><p>{c}</p>"),
    "XHTML.html": lambda c: b"<?xml version='1.0'?>" + html(f"<p>{c}</p>"),
    "fragment.html": lambda c: f"<table><tr><td>{c}".encode(),
    "behind a megabyte of blanks.html": lambda c: b" " * MB + html(f"<p>{c}</p>"),
    "behind a long comment.html": lambda c: f"<!--{'x' * 200_000}-->".encode() + html(f"<p>{c}</p>"),
}


DEEP_XML = {f"deep {depth}.xml": deep_xml(depth) for depth in DEPTHS}
ENTITY = "<!DOCTYPE r [<!ENTITY e 'text'><!ENTITY who '{}'>]>"
LAUGHS = "<!DOCTYPE r [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)
XML: dict[str, Callable[[str], bytes]] = DEEP_XML | {
    "behind an entity.xml": lambda c: xml(f"<b>text &e; {c}</b>", ENTITY.format("x")),
    "behind an unknown entity.xml": lambda c: xml(f"<b>text &unknown; {c}</b>"),
    "in an entity.xml": lambda c: xml("<b>text &who; end</b>", ENTITY.format(c)),
    "behind billion laughs.xml": lambda c: xml(f"<b>&j;</b><b>{c}</b>", LAUGHS + "]>"),
    "behind an external entity.xml": lambda c: xml(
        f"<b>&e; {c}</b>", "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/hosts'>]>"
    ),
    "behind an external DTD.xml": lambda c: xml(f"<b>{c}</b>", "<!DOCTYPE r SYSTEM 'http://x.example/r.dtd'>"),
    "CDATA.xml": lambda c: xml(f"<b><![CDATA[{c}]]></b>"),
    "comment.xml": lambda c: xml(f"<!-- {c} -->"),
    "instruction.xml": lambda c: xml(f"<?owner {c}?>"),
    "attribute.xml": lambda c: xml(f"<b mail='{c}'/>"),
    "mixed content.xml": lambda c: xml(f"<b>one <i>two</i> {c}</b>"),
    "split.xml": lambda c: xml("<b>" + "<i></i>".join(c) + "</b>"),
    "million characters.xml": lambda c: xml(f"<b>{'word ' * 250_000}{c}</b>"),
    "million in an attribute.xml": lambda c: xml(f"<b x='{'y' * MB}'>{c}</b>"),
    "many children.xml": lambda c: xml("<b>x</b>" * 50_000 + f"<b>{c}</b>"),
    "many attributes.xml": lambda c: xml("<b " + " ".join(f"a{n}='1'" for n in range(5000)) + f" z='{c}'/>"),
    "many columns.xml": lambda c: xml(
        "<row>" + "".join(f"<c{n}>x</c{n}>" for n in range(5000)) + f"<mail>{c}</mail></row>" * 3
    ),
    "behind the root.xml": lambda c: xml("x") + f"<more>{c}</more>".encode(),
    "behind an error.xml": lambda c: xml(f"<b>x</c><d>{c}</d>"),
    "cut off.xml": lambda c: xml(f"<b>{c}</b>" + "<b>x</b>" * 50)[:-120],
    "wrong encoding.xml": lambda c: (
        b"<?xml version='1.0' encoding='ascii'?><r><a>\xe9\xff</a><b>" + c.encode() + b"</b></r>"
    ),
    "UTF-16.xml": lambda c: f"<?xml version='1.0' encoding='utf-16'?><r><b>{c}</b></r>".encode("utf-16"),
    "EBCDIC.xml": lambda c: f"<?xml version='1.0' encoding='cp037'?><r><b>{c}</b></r>".encode("cp037"),
    "NUL.xml": lambda c: xml(f"<b>\0</b><b>{c}</b>"),
    "namespaces.xml": lambda c: xml(f"<q:b xmlns:q='u'><q:mail>{c}</q:mail></q:b>"),
    "no namespace.xml": lambda c: xml(f"<q:b><q:mail>{c}</q:mail></q:b>"),
    "numeric entities.xml": lambda c: xml(f"<b>{c.replace('@', '&#64;')}</b>"),
    "long name.xml": lambda c: xml(f"<{'b' * 100_000}>{c}</{'b' * 100_000}>"),
    "svg.svg": lambda c: f"<svg xmlns='http://www.w3.org/2000/svg'><text>{c}</text></svg>".encode(),
    "rdf.xml": lambda c: xml(f"<rdf:RDF xmlns:rdf='x'><rdf:mail rdf:resource='mailto:{c}'/></rdf:RDF>"),
}


DEEP_JSON = {f"deep list {depth}.json": deep_json(depth) for depth in (*DEPTHS, 1000)}
DEEP_JSON |= {f"deep object {depth}.json": deep_json(depth, "{}") for depth in (300, 5000)}
JSON: dict[str, Callable[[str], bytes]] = DEEP_JSON | {
    "huge number before.json": lambda c: b'{"n": ' + b"9" * 100_000 + b', "mail": "' + c.encode() + b'"}',
    "NaN before.json": lambda c: b'{"n": NaN, "m": -Infinity, "mail": "' + c.encode() + b'"}',
    "number without end.json": lambda c: b'{"n": 1e999999, "mail": "' + c.encode() + b'"}',
    "the key.json": lambda c: f'{{"{c}": 1}}'.encode(),
    "key deep down.json": lambda c: f'{{"a": {{"b": [{{"{c}": null}}]}}}}'.encode(),
    "key twice.json": lambda c: f'{{"mail": "{c}", "mail": "x"}}'.encode(),
    "escaped.json": lambda c: ('{"mail": "' + "".join(f"\\u{ord(x):04x}" for x in c) + '"}').encode(),
    "half a character.json": lambda c: f'{{"x": "\\ud800", "mail": "{c}"}}'.encode(),
    "million characters.json": lambda c: f'{{"text": "{"word " * 250_000}{c}"}}'.encode(),
    "many keys.json": lambda c: ("{" + "".join(f'"k{n}": 1, ' for n in range(20_000)) + f'"mail": "{c}"}}').encode(),
    "many items.json": lambda c: ("[" + "1, " * 100_000 + f'"{c}"]').encode(),
    "many records.json": lambda c: ("[" + '{"a": "x"}, ' * 20_000 + f'{{"a": "x", "b": "{c}"}}]').encode(),
    "cut off.json": lambda c: f'{{"mail": "{c}", "rest": [1, 2'.encode(),
    "more behind it.json": lambda c: f'{{"a": 1}}\n\nmail {c}\n'.encode(),
    "two documents.json": lambda c: f'{{"a": 1}} {{"mail": "{c}"}}'.encode(),
    "comment.json": lambda c: f'{{"a": 1 /* {c} */}}'.encode(),
    "comma at the end.json": lambda c: f'{{"a": 1, "mail": "{c}",}}'.encode(),
    "single quotes.json": lambda c: f"{{'a': 1, 'mail': '{c}'}}".encode(),
    "BOM.json": lambda c: b"\xef\xbb\xbf" + f'{{"mail": "{c}"}}'.encode(),
    "UTF-16.json": lambda c: f'{{"mail": "{c}"}}'.encode("utf-16"),
    "NUL.json": lambda c: f'{{"x": "\0", "mail": "{c}"}}'.encode(),
    "line break in a string.json": lambda c: f'{{"x": "a\nb", "mail": "{c}"}}'.encode(),
    "broken line.jsonl": lambda c: b'{"a": 1}\n' * 50 + b'{"a": \n' + f'{{"mail": "{c}"}}\n'.encode(),
    "other line.jsonl": lambda c: b'{"a": 1}\n' * 500 + f'{{"b": {{"c": ["{c}"]}}}}\n'.encode(),
    "long line.jsonl": lambda c: b'{"a": 1}\n' * 5 + f'{{"b": "{"x " * 700_000}{c}"}}\n'.encode() + b'{"a": 1}\n',
    "JSON in JSON.json": lambda c: f'{{"a": "{{\\"mail\\": \\"{c}\\"}}"}}'.encode(),
    "one string.json": lambda c: f'"{c}"'.encode(),
    "JSONP.json": lambda c: f'callback({{"mail": "{c}"}});'.encode(),
    "notebook.ipynb": lambda c: (
        f'{{"cells": [{{"cell_type": "code", "source": ["x = 1", "# {c}"]}}], "nbformat": 4}}'.encode()
    ),
}


CASES = {**HTML, **XML, **JSON}
