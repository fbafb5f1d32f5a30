"""Sources: one module a format, each with ``read(...)`` that gives documents."""
