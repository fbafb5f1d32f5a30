"""RELIABILITY 5: declared, byte order mark, UTF-8, Windows-1252; and what it was is said."""

import pytest

from extractor.errors import SourceError
from extractor.sources.decoding import decode, known, looks_binary
from tests.sources.helpers import every, lines, written

TEXT = "Le réseau – « en panne » – a été rétabli à 10 h."


@pytest.mark.parametrize(
    ("raw", "declared", "encoding", "basis"),
    [
        (TEXT.encode(), None, "utf-8", "utf-8"),
        (TEXT.encode("cp1252"), None, "cp1252", "fallback"),
        (TEXT.encode("utf-8-sig"), None, "utf-8-sig", "bom"),
        (TEXT.encode("utf-16"), None, "utf-16", "bom"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), None, "utf-16", "bom"),
        (TEXT.encode("utf-16-le"), "utf-16-le", "utf-16-le", "declared"),
        (TEXT.encode("cp1252"), "iso-8859-1", "cp1252", "declared"),
        (TEXT.encode(), "utf8", "utf-8", "declared"),
        # A declaration that the bytes contradict, or that is none, does not count.
        (TEXT.encode("cp1252"), "utf-8", "cp1252", "fallback"),
        (TEXT.encode("cp1252"), "ascii", "cp1252", "declared"),
        (TEXT.encode(), "zlib", "utf-8", "utf-8"),
        (TEXT.encode(), "punycode", "utf-8", "utf-8"),
        (TEXT.encode(), "klingon\0", "utf-8", "utf-8"),
    ],
)
def test_order_of_encodings(raw: bytes, declared: str | None, encoding: str, basis: str) -> None:
    decoded = decode(raw, declared)
    assert decoded.text.removeprefix("\ufeff") == TEXT
    assert (decoded.encoding, decoded.basis) == (encoding, basis)


def test_declared_comes_before_valid_utf8() -> None:
    assert decode("Москва".encode("koi8-r"), "koi8-r").text == "Москва"
    assert decode("é".encode(), "cp1252").text == "Ã©"


def test_every_byte_decodes() -> None:
    raw = bytes(range(32, 256)) * 3
    assert len(decode(raw).text) == len(raw)
    assert decode(b"\xff\xfe" + b"\x00\xd8a").text  # a lone surrogate in UTF-16


@pytest.mark.parametrize("raw", [b"%PDF-1.7 text", b"\x7fELF\x02", b"PK\x03\x04", bytes(range(32)) * 100, b"PAR1abc"])
def test_binary(raw: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        decode(raw)
    assert caught.value.code == "input_binary"


def test_a_stray_nul_is_text() -> None:
    assert not looks_binary(b"It was down.\0 Then up.")


def test_no_codec_of_python_that_is_no_encoding() -> None:
    assert {known(name) for name in ("idna", "unicode_escape", "rot13", "hex", "bz2", "utf-7", "")} == {None}


@pytest.mark.parametrize(
    ("encoding", "told", "basis"),
    [("cp1252", "cp1252", "fallback"), ("utf-16", "utf-16", "bom"), ("utf-8-sig", "utf-8-sig", "bom")],
)
def test_files_say_their_encoding(tmp_path, encoding: str, told: str, basis: str) -> None:
    text = written(tmp_path / "a.txt", TEXT.encode(encoding))
    raw = "".join(f'{{"text": "{TEXT}", "id": "{number}"}}\n' for number in (1, 2))
    jsonl = written(tmp_path / "b.jsonl", raw.encode(encoding))
    plain, first, second = every(text, jsonl)
    for item in (plain, first, second):
        assert item.text.removeprefix("\ufeff") == TEXT
    assert (plain.encoding, plain.encoding_basis) == (first.encoding, first.encoding_basis) == (told, basis)
    assert second.place.endswith("b.jsonl:2")


def test_a_declared_encoding_is_taken(tmp_path) -> None:
    text = written(tmp_path / "a.txt", "Сбой в сети".encode("koi8-r"))
    jsonl = written(tmp_path / "b.jsonl", '{"text": "Сбой"}\n{"text": "Ещё"}\n'.encode("utf-16-le"))
    (item,) = every(text, encoding="koi8-r")
    assert (item.text, item.encoding, item.encoding_basis) == ("Сбой в сети", "koi8-r", "declared")
    assert [item.text for item in every(jsonl, encoding="utf-16-le")] == ["Сбой", "Ещё"]


def test_one_bad_line_does_not_change_the_others(tmp_path) -> None:
    raw = (
        lines({"id": 1, "text": "a"}) + '{"id": 2, "text": "é"}\n'.encode("cp1252") + '{"id": 3, "text": "é"}'.encode()
    )
    items = every(written(tmp_path / "mixed.jsonl", raw))
    assert [(item.text, item.encoding) for item in items] == [("a", "utf-8"), ("é", "cp1252"), ("é", "utf-8")]
