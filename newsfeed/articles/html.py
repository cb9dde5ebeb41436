"""HTML to paragraphs: block elements end a paragraph, what is no text of the article is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_TAGS = (
    "a|abbr|address|article|aside|audio|b|big|blockquote|body|br|button|caption|center|cite|code|dd|del|div|dl|dt|em|figcaption|"
    "figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|ins|label|li|link|main|mark|meta|nav|noscript|ol|p|picture|"
    "pre|q|s|script|section|small|source|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|time|title|tr|u|ul|video"
)
_HTML = re.compile(rf"<(?:/?(?:{_TAGS})(?=[\s/>])[^<>]*>|!--|!doctype\s|!\[cdata\[)", re.IGNORECASE)
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figure|footer|form|h[1-6]|"
    r"header|hr|li|main|nav|ol|p|pre|section|summary|table|tr|ul)[\s/>])",
    re.IGNORECASE,
)
_CELL = re.compile(r"<(?=t[dh][\s/>])", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_NESTING = re.compile(  # elements that neither are empty nor close themselves
    r"<(/?)(?!(?:area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|rp|rt|source|t[bdhr]|tbody|tfoot|thead|track|wbr)\b)[a-z]",
    re.IGNORECASE,
)
_DATE_PUBLISHED = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{8,40})"')
_DROPPED = (
    "script, style, noscript, template, iframe, object, svg, math, canvas, nav, form, button, select, textarea, "
    "figcaption, aside, footer, head, [hidden], [aria-hidden='true']"
)
_PARAGRAPH = "\f"  # white space to an HTML parser, so it may stand anywhere, also between table rows
_OPEN_AT_ONCE = 200  # elements; deeper trees, and formatting repeated in every block, take a parser quadratic time
_ENOUGH = 140  # characters; an <article> with less is a teaser


@dataclass(frozen=True)
class Page:
    """What an HTML text holds; ``paragraphs`` joined by newlines, the rest "" where the page does not say."""

    paragraphs: str
    title: str = ""
    heading: str = ""
    language: str = ""
    url: str = ""
    published: str = ""


def is_html(text: str) -> bool:
    """Whether a text holds a tag of HTML (``a < b`` and ``<Reuters>`` are none)."""
    return "<" in text and _HTML.search(text) is not None


def read(text: str) -> Page:
    """The paragraphs and head of an HTML text or fragment. Linear in its length."""
    text = _CDATA.sub("", text.replace(_PARAGRAPH, " "))
    text = _CELL.sub(" <", _BLOCK.sub(_PARAGRAPH + "<", text))
    if _too_deep(text):
        return Page(paragraphs=_split(_ANY_TAG.sub("", text)))
    tree = LexborHTMLParser(text)
    title, language, url = _head(tree)
    published = _published(tree)
    for node in tree.css(_DROPPED):
        node.decompose()
    heads = tree.css("h1")
    root = _main(tree)
    return Page(
        paragraphs=_split(root.text(deep=True)) if root is not None else "",
        title=title,
        heading=_flat(heads[0]) if len(heads) == 1 else "",
        language=language,
        url=url,
        published=published,
    )


def without_tags(text: str) -> str:
    """A title without its tags; text like ``a < b`` stays."""
    return _ANY_TAG.sub("", text) if is_html(text) else text


def _head(tree: LexborHTMLParser) -> tuple[str, str, str]:
    if tree.head is None or tree.head.first_child is None:
        return "", _attribute(tree.css_first("html"), "lang"), ""
    title = tree.css_first("head > title")
    return (
        _flat(title) if title is not None else "",
        _attribute(tree.css_first("html"), "lang"),
        _attribute(tree.css_first("link[rel='canonical']"), "href"),
    )


def _published(tree: LexborHTMLParser) -> str:
    """When a page says that it was published: by Open Graph, or by schema.org as JSON-LD or microdata."""
    if said := _attribute(tree.css_first("meta[property='article:published_time']"), "content"):
        return said
    for script in tree.css("script[type='application/ld+json']"):
        if found := _DATE_PUBLISHED.search(script.text()):
            return found[1]
    node = tree.css_first("[itemprop='datePublished']")
    return _attribute(node, "content") or _attribute(node, "datetime")


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "") if node is not None else ""


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """The one article of a page, its main part, or everything."""
    for name in ("article", "main"):
        found = tree.css(name)
        if len(found) == 1 and len(found[0].text(deep=True)) >= _ENOUGH:
            return found[0]
    return tree.body


def _flat(node: LexborNode) -> str:
    return " ".join(node.text(deep=True).split())


def _split(text: str) -> str:
    return "\n".join(" ".join(piece.split()) for piece in text.split(_PARAGRAPH))


def _too_deep(text: str) -> bool:
    if text.count("<") <= _OPEN_AT_ONCE:
        return False
    depth = 0
    for found in _NESTING.finditer(text):
        depth = max(depth - 1, 0) if found[1] else depth + 1
        if depth > _OPEN_AT_ONCE:
            return True
    return False
