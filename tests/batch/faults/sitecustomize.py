"""Faults on order: Python imports this at its start when the folder is on PYTHONPATH.

INCIDENTS_FAULT is ``kill:WHERE:NUMBER`` (SIGKILL of the process and of the program that leads it, at the NUMBERth commit of
this process; WHERE is before, within or after), ``poison:MARKER`` (a document with MARKER kills its process), or
``offline:`` (every address but loopback is refused).
"""

import os
import signal
import sys


class _Late:
    """Changes modules when they are imported, so that nothing heavy is imported here."""

    def find_spec(self, name, path=None, target=None):
        if name in _CHANGES:
            from importlib.util import find_spec

            sys.meta_path.remove(self)
            spec = find_spec(name)
            sys.meta_path.insert(0, self)
            load = spec.loader.exec_module

            def changed(module):
                load(module)
                _CHANGES[name](module)

            spec.loader.exec_module = changed
            return spec
        return None


def _die():
    leader = os.getppid() if "multiprocessing.spawn" in sys.modules.get("__main__").__dict__.get("__file__", "") else 0
    if leader:
        os.kill(leader, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _commits(where, number):
    count = 0

    def change(module):
        def due():
            nonlocal count
            count += 1
            return count == number

        if where == "within":
            insert = module._upsert

            def upsert(connection, table, rows, **options):
                insert(connection, table, rows, **options)
                if table.name == "failures" and due():
                    _die()

            module._upsert = upsert
            return
        commit = module.SqlSink.commit

        def committed(self, run_id, outcomes):
            dying = due()
            if dying and where == "before":
                _die()
            commit(self, run_id, outcomes)
            if dying:
                _die()

        module.SqlSink.commit = committed

    return change


def _poison(marker):
    def change(module):
        extract = module.Extractor.__call__

        def poisoned(self, document):
            if marker in document.text:
                os.kill(os.getpid(), signal.SIGKILL)
            return extract(self, document)

        module.Extractor.__call__ = poisoned

    return change


def _offline(event, arguments):
    """Refuse every address but those of this machine."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise OSError(f"offline: {address}")
    if event == "socket.getaddrinfo" and str(arguments[0]) not in ("127.0.0.1", "::1", "localhost", "None"):
        raise OSError(f"offline: {arguments[0]}")


_CHANGES = {}
_kind, _, _rest = os.environ.get("INCIDENTS_FAULT", "").partition(":")
if _kind == "kill":
    _where, _, _number = _rest.partition(":")
    _CHANGES["extractor.sinks.sql.store"] = _commits(_where, int(_number))
elif _kind == "poison":
    _CHANGES["extractor.pipeline"] = _poison(_rest)
elif _kind == "offline":
    sys.addaudithook(_offline)
if _CHANGES:
    sys.meta_path.insert(0, _Late())
