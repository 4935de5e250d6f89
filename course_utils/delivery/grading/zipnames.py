"""The names of files in a zip that does not say in which letters they are written.

The format knows a flag for UTF-8, and Info-ZIP's field 0x7075 with the name in UTF-8 (APPNOTE
4.4.4 and 4.6.9, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). Many programs set
neither. Their names are read as UTF-8 if all of them are that, and otherwise in the encoding in
which all together look most like names.
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable

UTF8_FLAG, UNICODE_PATH = 0x800, 0x7075
PLAUSIBLE = 0.6  # of a score that is at most 1, and 1.5 where family names are known

# Encodings of two bytes, with the range of the first byte in which the frequent characters are:
# level 1 of GB 2312, of Big5 and of JIS X 0208, the syllables of KS X 1001.
TWO_BYTES = {
    "gbk": ("Chinese, GBK", range(0xB0, 0xD8)),
    "cp950": ("Chinese, Big5", range(0xA4, 0xC7)),
    "cp949": ("Korean, EUC-KR", range(0xB0, 0xC9)),
    "cp932": ("Japanese, Shift-JIS", range(0x82, 0x98)),
}
ONE_BYTE = {
    "cp850": "Western Europe, code page 850",
    "cp437": "code page 437",
    "cp1252": "Western Europe, Windows",
    "cp852": "Central Europe, code page 852",
    "cp1250": "Central Europe, Windows",
    "cp866": "Cyrillic, code page 866",
    "cp1251": "Cyrillic, Windows",
}
FAMILIES = {  # the most frequent family names, by their first letter
    "gbk": "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕",
    "cp950": "陳林黃張李王吳劉蔡楊許鄭謝郭洪邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈",
    "cp949": "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구나민진",
    "cp932": "佐鈴高田渡伊山中小加吉松井木斎清林阿森池橋石前藤後岡長村近坂遠青西福太三原和野",
}


def names_of(entries: list[zipfile.ZipInfo]) -> tuple[list[str], str]:
    """The names of all entries, and a sentence if their letters had to be guessed."""
    names = [told_name(entry) for entry in entries]
    silent = {n: raw(entries[n]) for n, name in enumerate(names) if name is None}
    reading, said = encoding_of(set(silent.values()))
    for number, content in silent.items():
        names[number] = reading(content)
    return [name for name in names if name is not None], said


def told_name(entry: zipfile.ZipInfo) -> str | None:
    """The name, if the zip says how to read it or if it is plain ASCII."""
    if entry.flag_bits & UTF8_FLAG or entry.orig_filename.isascii():
        return entry.orig_filename.replace("\0", "?")
    return unicode_path(entry.extra, raw(entry))


def raw(entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a name without the flag: Python reads them as code page 437, which has all."""
    return entry.orig_filename.encode("cp437", "replace")


def unicode_path(extra: bytes, name: bytes) -> str | None:
    """The name in Info-ZIP's Unicode field, if there is one that belongs to `name`."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        content, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and len(content) > 5 and content[0] == 1:
            if struct.unpack("<I", content[1:5])[0] != zlib.crc32(name):
                return None
            try:
                return content[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def encoding_of(names: Iterable[bytes]) -> tuple[Callable[[bytes], str], str]:
    """How to read these names, and a sentence about it: "" if there is no doubt."""
    every = sorted(names)
    if not every:
        return bytes.decode, ""
    if decoded(every, "utf-8") is not None:
        return lambda name: name.decode("utf-8"), ""
    scores = sorted(
        ((plausible(texts, one), one) for one in (*TWO_BYTES, *ONE_BYTE)
         if (texts := decoded(every, one)) is not None),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    if scores and scores[0][0] >= PLAUSIBLE:
        best = scores[0][1]
        title = TWO_BYTES[best][0] if best in TWO_BYTES else ONE_BYTE[best]
        return lambda name: name.decode(best), (
            "does not say in which letters its names are written: they are read as "
            f"{title}, such as {max(decoded(every, best), key=foreign)}."
        )
    return lambda name: name.decode("cp437"), (
        "does not say in which letters its names are written, and they look like none that are "
        "known here: compare them with your list, or unpack the zip where it was made and name "
        "the folder."
    )


def decoded(names: list[bytes], encoding: str) -> list[str] | None:
    try:
        return [name.decode(encoding) for name in names]
    except UnicodeDecodeError:
        return None


def foreign(text: str) -> int:
    return sum(not letter.isascii() for letter in text)


def plausible(texts: list[str], encoding: str) -> float:
    """How much texts look like names: the share of the letters beyond ASCII that are usual."""
    words = [word for text in texts for word in words_of(text) if not word.isascii()]
    if not words:
        return 0.0
    if encoding in TWO_BYTES:
        usual = [frequent(letter, encoding) for word in words for letter in word]
        families = sum(word[0] in FAMILIES[encoding] for word in words) / len(words)
        return sum(usual) / len(usual) + families / 2
    usual = [one for word in words for one in letters_of_word(word)]
    return sum(usual) / len(usual)


def words_of(text: str) -> list[str]:
    """What stands between blanks and ASCII signs."""
    return "".join(
        one if not one.isascii() or one.isalpha() else " " for one in text
    ).split()  # fmt: skip


def frequent(letter: str, encoding: str) -> bool:
    content = letter.encode(encoding)
    full = content[1:] >= b"\xa1" or encoding in ("cp950", "cp932")
    return len(content) == 2 and content[0] in TWO_BYTES[encoding][1] and full


def letters_of_word(word: str) -> list[bool]:
    """For each letter beyond ASCII, whether it stands in a word as such letters do."""
    outside = [one for one in word if not one.isascii()]
    scripts = {unicodedata.name(one, "?").split()[0] for one in outside}
    shaped = word[1:] == word[1:].lower() or word == word.upper()
    if not all(map(usual_letter, outside)) or not shaped:
        return [False] * len(outside)
    if scripts == {"LATIN"}:
        return [2 * len(outside) <= len(word) or len(word) < 3] * len(outside)
    return [len(scripts) == 1 and len(outside) == len(word)] * len(outside)


def usual_letter(letter: str) -> bool:
    """A letter of a word; signs that only look like one, as in ª, ⁿ or ƒ, are none."""
    return unicodedata.category(letter) in ("Lu", "Ll") and letter not in "ƒµ"
