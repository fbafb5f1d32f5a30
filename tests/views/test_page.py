import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from extractor.records import Report
from extractor.views.page import render_page
from tests.views.reports import ATTACKS, TEXT, document, harbour, hostile

VOID = {"meta", "input"}


class Structure(HTMLParser):
    """The tags and attributes of a page, its texts apart, and whether every element is closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.tags.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def values(self, name: str) -> list[str]:
        return [value for _, found, value in self.attributes if found == name]


def parsed(page: str) -> Structure:
    structure = Structure()
    structure.feed(page)
    structure.close()
    assert structure.open == []
    return structure


def attacked(attack: str) -> Report:
    """The report on a text that is all attack, with the attack in every other text of the record."""
    text = hostile(attack)
    report = harbour(text, name=attack, rule=attack)
    warning = report.warnings[0].model_copy(update={"message": attack, "code": attack})
    return report.model_copy(update={"document": document(text, id=attack, title=attack), "warnings": (warning,)})


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_article_has_the_dom_of_a_harmless_one(attack: str) -> None:
    harmless = harbour(rule="r").model_copy(update={"document": document(TEXT, title="Payments down")})
    page = render_page(attacked(attack), hostile(attack))
    assert parsed(page).tags == parsed(render_page(harmless, TEXT)).tags
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]", page)
    page.encode("utf-8")


@pytest.mark.parametrize("attack", ATTACKS[:5])
def test_a_hostile_text_is_shown_as_it_stands(attack: str) -> None:
    found = parsed(render_page(attacked(attack), hostile(attack)))
    assert attack in found.texts["bdi"]


def test_the_policy_names_the_hashes_of_the_only_style_and_script() -> None:
    found = parsed(render_page(harbour(), TEXT))
    policy = next(value for value in found.values("content") if "default-src" in value)
    for name in ("style", "script"):
        (content,) = found.texts[name]
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    tags = [tag for tag, _ in found.tags]
    assert tags.index("meta") < tags.index("style")
    assert tags.count("style") == tags.count("script") == 1


def test_nothing_points_outside_and_no_attribute_acts() -> None:
    page = render_page(harbour(), TEXT)
    found = parsed(page)
    names = {name for _, name, _ in found.attributes}
    assert not {name for name in names if name.startswith("on")} | (names & {"src", "style", "srcset", "action"})
    assert all(value.startswith("#") for value in found.values("href"))
    assert "://" not in page
    assert "url(" not in page


def test_every_link_has_its_target_and_every_id_is_there_once() -> None:
    found = parsed(render_page(harbour(), TEXT))
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in found.values("href")} <= set(ids)
    marked = {
        key for tag, name, value in found.attributes if (tag, name) == ("mark", "data-facts") for key in value.split()
    }
    assert marked <= set(ids)
    assert {value for value in ids if re.fullmatch(r"[ft]\d.*", value)} == marked


def test_the_marked_text_is_the_text() -> None:
    page = render_page(harbour(), TEXT)
    inside = re.search(r'<div class="text"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert inside is not None
    found = Structure()
    found.open.append("div")
    whole: list[str] = []
    found.handle_data = whole.append  # type: ignore[method-assign]
    found.feed(inside[1])
    found.close()
    assert "".join(whole) == TEXT


def test_language_and_direction_are_those_of_the_text() -> None:
    text = "١٢ تعطلت الخدمة"
    info = document(text, language={"code": "ar", "confidence": 1, "basis": "given"})
    report = Report(document=info, relevance=0, provenance=harbour().provenance)
    page = render_page(report, text)
    assert '<html lang="en" dir="ltr">' in page
    assert '<div class="text" lang="ar" dir="rtl">' in page
    odd = document(text, language={"code": '"><b>', "confidence": 1, "basis": "given"})
    assert '<div class="text" lang="und" dir="rtl">' in render_page(report.model_copy(update={"document": odd}), text)


def test_the_time_axis_shows_known_moments_and_the_outage_between() -> None:
    page = render_page(harbour(), TEXT)
    assert page.count('aria-label="Timeline"') == 1
    assert page.count("<b>outage</b>") == 1
    assert 'class="down"' in page
    widths = [float(value) for value in re.findall(r'width="([\d.]+)%"', page)]
    places = [float(value) for value in re.findall(r'<rect x="([\d.]+)%"', page)]
    assert all(place >= 0 and place + width <= 100.01 for place, width in zip(places, widths, strict=True))


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [("0001-01-01T00:00:00", "9999-12-31T23:59:59"), ("9999-12-31T23:59:00", "9999-12-31T23:59:59")],
)
def test_the_ends_of_the_calendar_can_be_drawn(earliest: str, latest: str) -> None:
    report = harbour()
    moment = report.incidents[0].started_at
    assert moment is not None
    far = moment.model_copy(update={"earliest": earliest, "latest": latest})
    incident = report.incidents[0].model_copy(update={"started_at": far, "resolved_at": far, "timeline": ()})
    assert "<rect" in render_page(report.model_copy(update={"incidents": (incident,)}), TEXT)


def test_without_a_year_there_is_no_axis() -> None:
    report = harbour()
    moment = report.incidents[0].started_at
    assert moment is not None
    vague = moment.model_copy(update={"value": "XXXX-03-09", "earliest": None, "latest": None})
    incident = report.incidents[0].model_copy(update={"started_at": vague, "resolved_at": None, "timeline": ()})
    page = render_page(report.model_copy(update={"incidents": (incident,)}), TEXT)
    assert "<svg" not in page
    assert "XXXX-03-09" in page


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render_page(harbour(), TEXT) == render_page(harbour(), TEXT)


def test_an_empty_report_is_a_whole_page() -> None:
    report = Report(document=document(""), relevance=0, provenance=harbour().provenance)
    page = render_page(report, "")
    parsed(page)
    assert "No incident was found" in page


def test_evidence_beyond_the_text_is_shown_without_a_link() -> None:
    page = render_page(harbour(), "short")
    found = parsed(page)
    assert {value[1:] for value in found.values("href")} <= set(found.values("id"))
