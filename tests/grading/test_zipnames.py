"""Zips that do not say in which letters their names are written."""

import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest

from course_utils.delivery.grading.zipnames import UNICODE_PATH, encoding_of

from .exports import answered, collected, who

NAMES = {
    "gbk": ["王芳", "张伟", "李娜", "刘洋", "陈静"],
    "cp950": ["王小明", "陳美玲", "張志豪", "林淑芬"],
    "cp949": ["김민수", "이서연", "박지훈", "최수빈"],
    "cp932": ["佐藤健", "鈴木花子", "たなか", "田中太郎", "高橋"],
    "cp850": ["Jürgen Müller", "Søren", "Zoë", "José"],
    "cp437": ["Jürgen", "José", "Zoë"],
    "cp1252": ["Jürgen Müller", "Søren", "José Peña"],
    "cp852": ["Łukasz Wójcik", "Žofie Dvořáková"],
    "cp1250": ["Łukasz Wójcik", "Žofie Dvořáková"],
    "cp866": ["Иван Петров", "Мария Иванова"],
    "cp1251": ["Иван Петров", "Мария Иванова"],
    "utf-8": ["王芳", "Jürgen", "Иван", "김민수"],
}


def without_flag(
    path: Path, names: dict[str, bytes], extra: dict[str, bytes] | None = None
) -> Path:
    """A zip with a file `x.ipynb` in each of these folders, their names as these bytes."""
    flags = {}
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, raw) in enumerate(names.items()):
            stand_in = f"{number:0>{len(raw)}}/x.ipynb"
            info = zipfile.ZipInfo(stand_in, (2026, 11, 25, 10, 0, 0))
            info.extra = (extra or {}).get(name, b"")
            archive.writestr(info, answered(name))
            flags[stand_in.encode()] = raw + b"/x.ipynb"
    content = path.read_bytes()
    for stand_in, raw in flags.items():
        content = content.replace(stand_in, raw)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", NAMES)
def test_names_are_read_and_said(tmp_path: Path, encoding: str) -> None:
    names = {name: name.encode(encoding) for name in NAMES[encoding]}
    rows, said = collected(without_flag(tmp_path / "in.zip", names), tmp_path / "class")
    assert who(rows) == {name.replace(" ", "_"): name for name in NAMES[encoding]}
    told = [line for line in said if "in which letters its names are written" in line]
    assert len(told) == (encoding != "utf-8")


def test_names_in_no_known_letters_are_kept_apart(tmp_path: Path) -> None:
    names = {str(n): bytes([0x80 + n, 0xFF, 0xB0 + n, 0xDB]) for n in range(4)}
    rows, said = collected(without_flag(tmp_path / "in.zip", names), tmp_path / "class")
    assert sorted(rows.values()) == sorted(names)
    assert any("they look like none that are known" in line for line in said)


def field(name: str, raw: bytes, crc: int | None = None) -> bytes:
    content = b"\1" + struct.pack("<I", zlib.crc32(raw) if crc is None else crc) + name.encode()
    return struct.pack("<HH", UNICODE_PATH, len(content)) + content


def test_the_unicode_field_of_info_zip(tmp_path: Path) -> None:
    name, raw = "王芳", "王芳".encode("gbk") + b"/x.ipynb"
    theirs = field(f"{name}/x.ipynb", raw)
    path = without_flag(tmp_path / "in.zip", {name: name.encode("gbk")}, {name: theirs})
    rows, said = collected(path, tmp_path / "class")
    assert set(who(rows)) == {name} and not any("letters" in line for line in said)
    others = field("evevev/x.ipynb", b"", 7)  # it belongs to another name
    path.write_bytes(path.read_bytes().replace(theirs, others))
    assert set(who(collected(path, tmp_path / "other")[0])) == {name}


def test_accents_as_macos_writes_them(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "Zoë é")
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr(f"{apart}/x.ipynb", answered("one"))
        archive.writestr("Zoë é/y.ipynb", answered("two"))
        archive.writestr("bo/y.ipynb", answered("bo"))
    assert set(who(collected(tmp_path / "in.zip", tmp_path / "class")[0])) == {"Zoë_é", "bo"}


def test_one_name_alone_is_read_too() -> None:
    for encoding in ("gbk", "cp949", "cp932", "cp866", "cp1251", "cp850"):
        for name in NAMES[encoding]:
            assert encoding_of([name.encode(encoding)])[0](name.encode(encoding)) == name
