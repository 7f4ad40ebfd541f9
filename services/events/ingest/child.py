"""Reads partners' messages in a process that the system kills when one of them costs too much."""

import resource
import signal
import sys
from typing import BinaryIO, Final

import msgspec

from services.events.ingest.item import Incoming, Read
from services.events.ingest.reading import read

CPU_SECONDS: Final = 1.0
"""Per message; a parser stuck in C code ends with it too, because nothing handles the signal."""
MEMORY_BYTES: Final = 512 * 1024 * 1024
LENGTH_BYTES: Final = 4

_requests = msgspec.msgpack.Decoder(list[Incoming])
_answers = msgspec.msgpack.Encoder()


def main() -> None:
    """Answer batches on stdin with what they hold on stdout, until stdin ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C reaches the whole group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (request := _next(sys.stdin.buffer)) is not None:
        answer = _answers.encode([_measured(incoming) for incoming in _requests.decode(request)])
        sys.stdout.buffer.write(len(answer).to_bytes(LENGTH_BYTES) + answer)
        sys.stdout.buffer.flush()


def _next(source: BinaryIO) -> bytes | None:
    length = source.read(LENGTH_BYTES)
    return source.read(int.from_bytes(length)) if len(length) == LENGTH_BYTES else None


def _measured(incoming: Incoming) -> list[Read]:
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        return read(incoming)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
