import lzma
from pathlib import Path

import pytest

from extractor.training import treebank


def rows(*listed: str) -> list[str]:
    """Lines of CoNLL-U from "number form pos [features [tag]]"."""
    lines = []
    for row in listed:
        number, form, pos, features, tag, *_ = [*row.split(), "_", "_"]
        lines.append(f"{number}\t{form}\t_\t{pos}\t{tag}\t{features}\t_\t_\t_\t_")
    return lines


def tagged(text: str, *listed: str) -> str:
    (sentence,) = treebank.sentences([f"# text = {text}", *rows(*listed), ""])
    return " ".join(
        f"{word}/{label.removeprefix('POS=')}" for word, label in zip(sentence.words, sentence.labels, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "listed", "expected"),
    [
        ("I see.", ["1 I PRON", "2 see VERB VerbForm=Fin", "3 . PUNCT"], "I/PRON see/VERB|VerbForm=Fin ./PUNCT"),
        # A contraction is one word with the tag of its first part; the next word is counted on from its parts.
        ("zum See", ["1-2 zum _", "1 zu ADP", "2 dem DET", "3 See NOUN"], "zum/ADP See/NOUN"),
        ("dell'asse", ["1-2 dell' _", "1 di ADP", "2 l' DET", "3 asse NOUN"], "dell/ADP '/PUNCT asse/NOUN"),
        # The pieces of a word have its tag, the signs inside it are signs; a sign that is a word keeps its own.
        ("IT-Netz 5 %", ["1 IT-Netz NOUN", "2 5 NUM", "3 % SYM"], "IT/NOUN -/PUNCT Netz/NOUN 5/NUM %/SYM"),
        # Two words of the treebank that are one of ours have the tag of the first; empty nodes are passed over.
        ("10h15", ["1 10 NUM", "1.1 um ADP", "2 h NOUN", "3 15 NUM"], "10h15/NUM"),
        # Verb forms that stand in the tag or the mood alone.
        (
            "war sein",
            ["1 war AUX Mood=Ind VBC", "2 sein VERB _ VB"],
            "war/AUX|VerbForm=Fin sein/VERB|VerbForm=Inf",
        ),
        ("gone going", ["1 gone VERB _ VBN", "2 going VERB _ VBG"], "gone/VERB|VerbForm=Part going/VERB|VerbForm=Ger"),
    ],
)
def test_words_are_cut_as_the_program_cuts_them(text: str, listed: list[str], expected: str) -> None:
    assert tagged(text, *listed) == expected


def test_every_tenth_block_is_held_out_and_xz_is_read(tmp_path: Path) -> None:
    lines = "".join(f"# text = w{n}\n" + "\n".join(rows(f"1 w{n} NOUN")) + "\n\n" for n in range(400))
    (tmp_path / "aa_one.conllu").write_text(lines, encoding="utf-8")
    with lzma.open(tmp_path / "aa_two.conllu.xz", "wt", encoding="utf-8") as packed:
        packed.write(lines)
    (tmp_path / "bb_other.conllu").write_text(lines, encoding="utf-8")
    bank = treebank.read(tmp_path, "aa")
    assert bank.files == ("aa_one.conllu", "aa_two.conllu.xz")
    assert (len(bank.train), len(bank.held_out)) == (720, 80)
    assert not set(bank.train) & set(bank.held_out)


def test_no_treebank_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no treebank aa_"):
        treebank.read(tmp_path, "aa")
