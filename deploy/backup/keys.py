"""Keys of the age format: who may read a backup is named by a recipient, who can has the identity.

Source: age-encryption.org/v1.
"""

from collections.abc import Sequence
from pathlib import Path

from pyrage import IdentityError, RecipientError, x25519

OWNER_ONLY = 0o600


class KeyUnusable(Exception):
    """Not a key of the age format; the message says which text or file."""


def make(file: Path) -> str:
    """Make an identity in a new file that its owner alone can read; return its recipient.

    Raises:
        FileExistsError: nothing is overwritten, since every backup made for it would be lost.
    """
    identity = x25519.Identity.generate()
    file.touch(mode=OWNER_ONLY, exist_ok=False)
    recipient = str(identity.to_public())
    file.write_text(f"# recipient: {recipient}\n{identity}\n")
    return recipient


def recipients(texts: Sequence[str]) -> list[x25519.Recipient]:
    """Read recipients such as `age1…`.

    Raises:
        KeyUnusable: one of them is none.
    """
    read = []
    for text in texts:
        try:
            read.append(x25519.Recipient.from_str(text))
        except RecipientError as error:
            raise KeyUnusable(f"{text} is no recipient: {error}") from error
    return read


def identities(file: Path) -> list[x25519.Identity]:
    """Read the identities in a file, one in each line that is not a comment.

    Raises:
        KeyUnusable: a line is none, or there is no line.
        OSError: the file cannot be read.
    """
    lines = [line.strip() for line in file.read_text().splitlines()]
    try:
        read = [x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except IdentityError as error:
        raise KeyUnusable(f"{file} holds something that is no identity") from error
    if not read:
        raise KeyUnusable(f"{file} holds no identity")
    return read
