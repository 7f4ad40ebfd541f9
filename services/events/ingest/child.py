"""Reads partners' messages in a process that the system kills when one of them costs too much."""

import resource
import signal
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO, Final

import msgspec

from services.events.ingest.item import Incoming, Read
from services.events.ingest.reading import read
from services.events.ingest.reasons import ItemRefused, refusal

CPU_SECONDS: Final = 0.25
"""Per message; a parser stuck in C code ends with it too, because nothing handles the signal.

The largest messages that are taken (200 series, 300 changed dates) need 0.1 s."""
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
        answer = _answers.encode([guarded(read, each) for each in _requests.decode(request)])
        sys.stdout.buffer.write(len(answer).to_bytes(LENGTH_BYTES) + answer)
        sys.stdout.buffer.flush()


def _next(source: BinaryIO) -> bytes | None:
    length = source.read(LENGTH_BYTES)
    return source.read(int.from_bytes(length)) if len(length) == LENGTH_BYTES else None


def guarded(reader: Callable[[Incoming], list[Read]], incoming: Incoming) -> list[Read]:
    """Return what a message holds; one over which the reader fails is refused for that.

    The process ends if it takes too long.
    """
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        return reader(incoming)
    except MemoryError:
        return [refusal("", ItemRefused("took_too_much_memory"))]
    except Exception as error:  # noqa: BLE001 - the edge: told to its partner and to the log
        _report(error)
        return [refusal("", ItemRefused("not_read"))]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _report(error: Exception) -> None:
    """Write where the reader has failed, without the values it has failed over."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
    sys.stderr.write(f"message_not_read {type(error).__name__} {where}\n")


if __name__ == "__main__":
    main()
