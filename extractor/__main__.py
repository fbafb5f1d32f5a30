"""``python -m extractor`` is the program ``incidents``."""

from extractor.cli import main

main()
