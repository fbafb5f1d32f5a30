"""RELIABILITY 7: pages that are bombs; and dates that are the page's own words about itself, or its address."""

import time
from pathlib import Path

import pytest

from extractor.pipeline import Extractor
from extractor.sources import Refusal, html
from tests.sources.helpers import ARTICLE, PARAGRAPHS, codes, every, page, written


def read(text: str, **options: str) -> html.Item:
    return html.page(text.encode(), "a.html", uri="a.html", **options)


def test_the_article_and_its_title(tmp_path: Path) -> None:
    (item,) = every(written(tmp_path / "a.html", page().encode()))
    assert item.text.count(ARTICLE) == 8
    assert "Home" not in item.text
    assert (item.title, item.uri, item.place) == ("Outage at Acme", f"{tmp_path}/a.html", f"{tmp_path}/a.html")
    report = Extractor(include_text=True)(item)
    assert report.document.text == item.text
    assert report.document.length == len(item.text)
    for time_mention in report.times:
        assert item.text[time_mention.start : time_mention.end] == time_mention.text


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2021-03-10T08:15:00+01:00">', "2021-03-10T08:15"),
        ('<meta property="article:published_time" content="2021-03-10">', "2021-03-10"),
        ('<meta name="DC.date.issued" content="2021-03-10">', "2021-03-10"),
        ('<meta itemprop="datePublished" content="2021-03-10T08:15Z">', "2021-03-10T08:15"),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-03-10T08:15:00Z"}</script>', "2021-03-10T08:15"),
        ('<script type="application/ld+json">{"datePublished":"2021-03-10"}</script>', "2021-03-10"),
    ],
)  # fmt: skip
def test_dates_of_metadata(head: str, published: str) -> None:
    item = read(page(head=head), address="https://example.org/2019/01/02/a")
    assert (item.published, item.published_basis) == (published, "metadata")


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ("", "https://example.org/2021/03/10/a.html"),
        ('<link rel="canonical" href="https://example.org/2021/03/10/a.html">', None),
        ('<meta property="og:url" content="https://example.org/2021/03/10/a.html">', None),
    ],
)
def test_dates_of_addresses(head: str, address: str | None) -> None:
    item = read(page(head=head), address=address)
    assert (item.published, item.published_basis) == ("2021-03-10", "url")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", "<p>The outage of 2011-04-21 began at 10:15 on 21 April 2011.</p>"),
        ("", '<time datetime="2011-04-21T10:15">21 April 2011</time><span class="date">21 April 2011</span>'),
        ("", '<p class="published">Published: 21/04/2011</p><abbr class="published" title="2011-04-21">x</abbr>'),
        ("", "<footer>© 2011 Acme. Copyright 2011</footer>"),
        ('<meta itemprop="copyrightYear" content="2011">', ""),
        ('<meta property="article:modified_time" content="2011-04-21">', ""),
        ('<meta property="og:updated_time" content="2011-04-21">', ""),
        ('<meta name="last-modified" content="2011-04-21">', ""),
        ('<meta http-equiv="last-modified" content="2011-04-21"><meta http-equiv="date" content="2011-04-21">', ""),
        ('<meta name="description" content="The outage of 2011-04-21T10:15:00Z">', ""),
        ('<script type="application/ld+json">{"dateModified":"2011-04-21"}</script>', ""),
        ('<meta name="date" content="today"><meta name="date" content="2011-13-45">', ""),
        ("<title>The outage of 21 April 2011</title>", "<h1>21 April 2011</h1>"),
    ],
)
def test_no_date_is_taken_from_the_body_or_guessed(head: str, body: str) -> None:
    item = read(page(body + PARAGRAPHS, head), address="https://example.org/story")
    assert item.published is None, item.published


def test_the_machines_date_does_not_count() -> None:
    item = read(page(head='<meta property="article:published_time" content="2093-03-10">'))
    assert item.published == "2093-03-10"


def test_encodings() -> None:
    text = "<p>Le réseau a été rétabli à midi après une panne de courant dans la salle.</p>" * 3
    for head, encoding, told in [
        ('<meta charset="iso-8859-1">', "cp1252", ("cp1252", "declared")),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-15">', "iso-8859-15", ("iso8859-15", "declared")),
        ("", "utf-16", ("utf-16", "bom")),
        ("", "cp1252", ("cp1252", "fallback")),
        ("", "utf-8", ("utf-8", "utf-8")),
        ('<meta charset="utf-16">', "utf-8", ("utf-8", "declared")),
        ('<meta charset="utf-8">', "cp1252", ("cp1252", "fallback")),
    ]:  # fmt: skip
        item = html.page(page(text, head).encode(encoding), "a", uri="a")
        assert "rétabli à midi" in item.text
        assert (item.encoding, item.encoding_basis) == told


BOMBS = {
    "nested divs": "<html><body>" + "<div>" * 100_000 + ARTICLE,
    "nested divs, fewer": "<html><body>" + "<div>" * 10_000 + ARTICLE,
    "nested tables": "<html><body>" + "<table><tr><td>" * 10_000 + ARTICLE,
    "nested lists": "<html><body>" + "<ul><li>a" * 20_000,
    "nested inline": "<html><body><p>" + "<span><b>a" * 20_000,
    "entities": '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{("&a" + str(n - 1) + ";") * 10}">' for n in range(1, 10))
    + "]><html><body><p>&a9;</p></body></html>",
    "external entity": '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>&x;</p></body></html>',
    "attributes": "<html><body><div " + " ".join(f"a{n}=b" for n in range(50_000)) + ">x</div>",
    "quoted attributes": "<html><body><div " + " ".join(f'a{n}=">"' for n in range(50_000)) + ">x</div>",
    "open tags": "<a " * 40_000,
    "open quotes": "<a '" * 40_000 + '<a "' * 9_000,
    "less-than signs": "<" * 500_000,
    "deep JSON-LD": '<html><head><script type="application/ld+json">' + '{"a":' * 200_000 + "</script></head><body>",
    "links": "<html><body>" + "<a href='#'>a</a>" * 100_000,
    "empty": "",
    "blanks": " \n" * 1_000,
    "no article": "<html><body></body></html>",
    "frames": "<html><frameset><frame src=a></frameset></html>",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str) -> None:
    started = time.process_time()
    item = read(BOMBS[name])
    assert time.process_time() - started < 5
    assert isinstance(item, Refusal)
    assert item.code == "html_no_text", item


@pytest.mark.parametrize(
    "body",
    [
        "<table>" + ('<tr><td colspan="1000000000" rowspan="99999999">cell text</td></tr>') * 5_000 + "</table>",
        "<p>one of many paragraphs</p>" * 24_000,
        "down<br>" * 49_000,
        "<p>" + "&amp;" * 1_000_000 + "</p>",
        "<p>" + "down " * 1_500_000 + "</p>",
        "<p>" + " " * 5_000_000 + "</p>",
    ],
    ids=["colspan", "paragraphs", "line breaks", "character references", "one paragraph", "blanks"],
)
def test_large_pages_end_in_bounded_time(body: str) -> None:
    started = time.process_time()
    item = read(page(body + PARAGRAPHS))
    assert time.process_time() - started < 10
    assert not isinstance(item, Refusal), item


def test_too_long(tmp_path: Path) -> None:
    assert codes(every(written(tmp_path / "a.html", b"<p>" + b"a" * 10_000_001))) == ["too_long"]


def test_hostile_text_is_text() -> None:
    item = read(
        page(
            PARAGRAPHS
            + "<p>&lt;script&gt;alert(1)&lt;/script&gt; was the attack's payload on that day.</p><script>alert(2)</script>"
        )
    )
    assert "<script>alert(1)</script>" in item.text
    assert "alert(2)" not in item.text


def test_controls_do_not_stop_the_parser() -> None:
    item = read(page(f"<p>\0\x01\x0b &#0; &#1; &#xFFFE; &#xD800; {ARTICLE} \ufffe\U0001ffff</p>" + PARAGRAPHS))
    assert ARTICLE in item.text


def test_the_same_page_gives_the_same_text() -> None:
    assert read(page()) == read(page())
