"""Extractor.pipe over processes, and documents of one's own into a database."""

from collections.abc import Iterator

import pytest

from extractor import Document, Extractor
from extractor.errors import LanguageUnsupported
from tests.batch.articles import articles


def documents() -> Iterator[Document]:
    for article in articles(12, languages=("en",), length=300):
        yield Document(**article)


def test_pipe_gives_the_same_in_order() -> None:
    extractor = Extractor()
    assert list(extractor.pipe(documents(), processes=2)) == list(extractor.pipe(documents()))


def test_pipe_raises_what_the_extractor_raises() -> None:
    wrong = Document(text="The site was down.", language="xx")
    with pytest.raises(LanguageUnsupported):
        list(Extractor().pipe([wrong], processes=2))
