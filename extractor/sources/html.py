"""HTML: the article of a web page, by trafilatura; its date from metadata, structured data or the address alone.

The text that trafilatura gives is what offsets refer to. A date that stands in the body is never taken: in an article
on an outage it is the outage's as often as the article's.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import TYPE_CHECKING

from extractor.errors import ExtractorError, SourceError
from extractor.limits import LANGUAGE_MIN_LETTERS, MAX_HTML_ATTRIBUTES, MAX_HTML_BYTES, MAX_HTML_TAGS
from extractor.records import PublishedBasis
from extractor.sources.base import Item, Items, document, refused
from extractor.sources.decoding import decode
from extractor.sources.opening import Opened, opened

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_NO_TEXT = "html_no_text"
_HEAD = 4_096
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_TAG = re.compile(r"<[a-zA-Z](?:\"[^\"]*\"|'[^']*'|[^>])*+")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
#: Dates beyond these are none of an article; fixed, since the machine's date is never used.
_EARLIEST, _LATEST = datetime(1990, 1, 1), datetime(2100, 1, 1)
_STAMP = "%Y-%m-%dT%H:%M"
_META_KEYS = ("name", "property", "itemprop", "http-equiv")
#: What htmldate takes when there is no publication date, and what is none: the last change, a year of copyright, the
#: date of the answer; the address is asked apart, so that the record can say so.
_NO_PUBLICATION = {"copyrightyear", "gentime", "lastdate", "lastmod", "meta", "og:url", "utime"}
_CHANGED = ("modif", "update", "revision")

for _name in ("trafilatura", "htmldate", "courlan"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def read(path: str) -> Items:
    """Read one web page as one document.

    Args:
        path: The file.

    Raises:
        InputUnreadable: No such file, or not permitted.
    """
    with opened(path) as stream:
        yield document_of(stream, path)


def document_of(stream: Opened, path: str) -> Item:
    """The document of an open web page.

    Raises:
        SourceError: Larger than ``limits.MAX_HTML_BYTES``, or damaged gzip data.
    """
    return page(stream.within(MAX_HTML_BYTES), path, uri=path)


def page(raw: bytes, place: str, *, uri: str, address: str | None = None, declared: str | None = None) -> Item:
    """The article of a web page, or why there is none.

    Args:
        raw: The page.
        place: Where it stands.
        uri: Where it comes from.
        address: The address it was fetched from, which may tell its date; the page's own when left out.
        declared: The encoding that the server declared; else the page's own declaration counts.
    """
    try:
        if len(raw) > MAX_HTML_BYTES:
            raise SourceError("too_long", f"the page has more than {MAX_HTML_BYTES // 1_000_000} MB")
        decoded = decode(raw, declared or _declared(raw))
        _check(decoded.text)
        tree = _tree(decoded.text)
        title = _title(tree)
        published, basis = _published(tree, address)
        text = _article(tree)
    except ExtractorError as error:
        return refused(error, place, uri)
    return document(
        text,
        place,
        uri=uri,
        title=title,
        published=published,
        published_basis=basis,
        encoding=decoded.encoding,
        encoding_basis=decoded.basis,
    )


def _declared(raw: bytes) -> str | None:
    """The page's own declaration; one of UTF-16 that can be read as ASCII is wrong, and such pages are UTF-8."""
    match = _CHARSET.search(raw[:_HEAD])
    if match is None:
        return None
    label = match[1].decode("ascii")
    return "utf-8" if label.lower().startswith(("utf-16", "utf-32")) else label


def _check(text: str) -> None:
    """Refuse what would take the parser more than linear time, or the extraction more than a few seconds."""
    if text.count("<") > MAX_HTML_TAGS:
        raise SourceError(_NO_TEXT, f"more than {MAX_HTML_TAGS:,} tags: no article")
    for tag in _TAG.finditer(text):
        if tag.end() - tag.start() > 2 * MAX_HTML_ATTRIBUTES:
            attributes = len(_QUOTED.sub(" ", tag[0]).split())
            if attributes > MAX_HTML_ATTRIBUTES:
                raise SourceError(_NO_TEXT, f"a tag with more than {MAX_HTML_ATTRIBUTES:,} attributes: no article")


def _tree(text: str) -> HtmlElement:
    from lxml.etree import LxmlError  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        tree = document_fromstring(_NO_XML.sub("", text).encode(), parser=parser)
    except (LxmlError, ValueError, AssertionError) as error:
        raise SourceError(_NO_TEXT, "nothing that can be read as HTML") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # libxml2 drops what stands deeper: half an article would look like a whole one.
        raise SourceError(_NO_TEXT, "nested deeper than 256 elements: no article")
    for cell in tree.iter("td", "th"):
        cell.attrib.pop("colspan", None)
        cell.attrib.pop("rowspan", None)
    for element in tree.iter():
        # Character references can spell what XML cannot hold, and lxml refuses to write back.
        if element.text and _NO_XML.search(element.text):
            element.text = _NO_XML.sub("", element.text)
        if element.tail and _NO_XML.search(element.tail):
            element.tail = _NO_XML.sub("", element.tail)
    return tree


def _article(tree: HtmlElement) -> str:
    import trafilatura

    try:
        found = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False)
    except Exception as error:
        # Whatever a hostile page does to the libraries below, it is that page which has no text.
        raise SourceError(_NO_TEXT, f"the page cannot be read ({type(error).__name__})") from error
    text: str = (getattr(found, "text", None) or "") if found is not None else ""
    if sum(map(str.isalpha, text[:_HEAD])) < LANGUAGE_MIN_LETTERS:
        raise SourceError(_NO_TEXT, "the page has no article")
    return text


def _title(tree: HtmlElement) -> str | None:
    from trafilatura.metadata import examine_meta, extract_title

    try:
        title: str | None = examine_meta(tree).title or extract_title(tree)
    except Exception:
        return None
    return " ".join(title.split())[:1_000] if title else None


def _published(tree: HtmlElement, address: str | None) -> tuple[str | None, PublishedBasis]:
    """The publication date: of the metadata (Open Graph, Dublin Core, JSON-LD ...), else of the address."""
    from htmldate.core import examine_header
    from htmldate.extractors import extract_url_date, json_search
    from htmldate.utils import Extractor as Options

    options = Options(False, _LATEST, _EARLIEST, True, _STAMP)
    addresses = [address, *_own_addresses(tree)]
    for meta in list(tree.iter("meta")):
        keys = {(meta.get(key) or "").lower() for key in _META_KEYS}
        if "http-equiv" in meta.attrib or any(map(_no_publication, keys)):
            meta.drop_tree()
    try:
        stamp = examine_header(tree, options) or json_search(tree, options)
        if stamp:
            return stamp.removesuffix("T00:00"), "metadata"
        for told in addresses:
            stamp = extract_url_date(told, options)
            if stamp:
                return stamp[:10], "url"
    except Exception:
        return None, "metadata"
    return None, "metadata"


def _no_publication(key: str) -> bool:
    return key in _NO_PUBLICATION or any(word in key for word in _CHANGED)


def _own_addresses(tree: HtmlElement) -> list[str | None]:
    canonical = tree.xpath("string(.//link[@rel='canonical']/@href)")
    graph = tree.xpath("string(.//meta[@property='og:url']/@content)")
    return [str(canonical) or None, str(graph) or None]
