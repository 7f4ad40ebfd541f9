"""What pages load is pinned, complete, and never fetched from elsewhere."""

import json
import re
from pathlib import Path

import pytest

from shared.web.assets import FILES, ROOT, STAMP, VENDOR, AssetsMissing, fetch, stamp_of
from shared.web.static import FOLDER


def test_every_file_that_is_needed_stands_in_the_vendor_folder() -> None:
    assert {name for name in FILES if not (VENDOR / name).is_file()} == set()


def test_files_are_fetched_again_only_when_the_lock_has_changed(tmp_path: Path) -> None:
    lock, vendor = tmp_path / "package-lock.json", tmp_path / "vendor"
    lock.write_bytes((ROOT / "package-lock.json").read_bytes())
    vendor.mkdir()
    (vendor / STAMP).write_text(stamp_of(tmp_path))
    (tmp_path / "node_modules/axe-core").mkdir(parents=True)

    assert fetch(tmp_path, vendor) is False
    lock.write_text("changed")
    with pytest.raises(AssetsMissing):
        fetch(tmp_path, vendor)


def test_every_package_is_pinned_with_its_hash_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: found for name, found in lock["packages"].items() if name}

    assert packages
    assert all(found["integrity"].startswith("sha512-") for found in packages.values())
    assert not any("resolved" in found for found in packages.values())


def test_a_broken_lock_says_what_failed(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text("no json")

    with pytest.raises(AssetsMissing, match="npm"):
        fetch(tmp_path, tmp_path / "vendor")


def test_no_style_sheet_loads_anything_from_elsewhere() -> None:
    addresses = [
        address
        for sheet in FOLDER.rglob("*.css")
        for address in re.findall(r"url\([\"']?([^\"')]+)", sheet.read_text())
    ]

    assert addresses
    assert all(address.startswith(("data:", "vendor/")) for address in addresses)
    own = [address for address in addresses if address.startswith("vendor/")]
    assert all((FOLDER / address).is_file() for address in own)
