"""Every cap in one place."""

from __future__ import annotations

#: Longest text that is read, in code points; spaCy itself raises above one million.
MAX_CHARACTERS = 1_000_000
#: Longest sentence, in tokens; longer runs are cut at this length, so that work inside a sentence is bounded.
MAX_SENTENCE_TOKENS = 400
#: Characters of the body that the language is read from.
LANGUAGE_SAMPLE = 2_000
#: Characters of a text that are looked at first, in three places.
LANGUAGE_GLANCE = 200
#: Fewest letters that say anything about the language.
LANGUAGE_MIN_LETTERS = 12
#: Words whose readings a matcher remembers; the table is emptied when it is full.
MATCHER_CACHE = 50_000
#: How seldom the garbage collector looks (see ``gc.set_threshold``) in processes of our own: rules and models are some
#: hundred thousand objects that last, and it would go through them in vain.
COLLECT = (50_000, 20, 100)
#: What BLAS libraries ask for their number of threads. In processes of our own it is one: the matrices are small, and a
#: second thread would wait for work at full load.
BLAS_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
#: Features whose place among the weights a model remembers.
FEATURE_CACHE = 20_000
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
#: Longest line of a JSONL file, in bytes; a longer one is refused and skipped.
MAX_LINE_BYTES = 32_000_000
#: Bytes that a compressed input may always unpack to; beyond it the ratio counts.
UNPACKED_FREE_BYTES = 64_000_000
#: Unpacked bytes per compressed byte; text packs 3 to 30 times, a gzip bomb 1,000 times.
MAX_UNPACKED_RATIO = 200
#: Longest web page that is read, in bytes.
MAX_HTML_BYTES = 10_000_000
#: Most tags of a web page; an article's page has a few thousand.
MAX_HTML_TAGS = 50_000
#: Most attributes of one tag; the HTML parser needs their square in time.
MAX_HTML_ATTRIBUTES = 1_000
#: Longest document id, in bytes of UTF-8; PostgreSQL indexes no key above 2,704.
MAX_ID_BYTES = 1_000
#: Rows of a Parquet file that are held at once.
PARQUET_BATCH_ROWS = 64
#: Longest a writer waits for its turn at an SQLite file, in seconds.
SQLITE_BUSY_SECONDS = 60
#: How long a database may be away before a run gives up, in seconds.
SINK_PATIENCE = 120.0
#: Longest pause between two tries to reach a database, in seconds.
SINK_LONGEST_PAUSE = 3.0
#: Characters of text in one shard, the unit of work and of commit.
SHARD_CHARACTERS = 60_000
#: Documents in one shard.
SHARD_DOCUMENTS = 64
#: Shards after which a worker process is replaced.
WORKER_SHARDS = 400
#: Failures that are listed one by one at the end of a run.
FAILURES_SHOWN = 100
#: Places at which reading of a damaged web archive is taken up again.
MAX_WARC_DAMAGES = 100
