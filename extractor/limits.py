"""Every cap in one place."""

from __future__ import annotations

#: Longest text that is read, in code points; spaCy itself raises above one million.
MAX_CHARACTERS = 1_000_000
#: Longest sentence, in tokens; longer runs are cut at this length, so that work inside a sentence is bounded.
MAX_SENTENCE_TOKENS = 400
#: Characters of the body that the language is read from.
LANGUAGE_SAMPLE = 2_000
#: Fewest letters that say anything about the language.
LANGUAGE_MIN_LETTERS = 12
#: Words whose readings a matcher remembers; the table is emptied when it is full.
MATCHER_CACHE = 50_000
#: Entries of the memory of dateparser's answers.
DATEPARSER_CACHE = 4_096
#: Largest text file that is read, in bytes.
MAX_FILE_BYTES = 32_000_000
#: Longest run without a blank that the tagger sees, in characters.
MAX_WORD_CHARACTERS = 120
#: Characters that the tagger reads at once; its memory grows with them.
TAGGED_PORTION = 20_000
#: Sentences that a tagger of models/ reads at once.
TAGGED_SENTENCES = 64
