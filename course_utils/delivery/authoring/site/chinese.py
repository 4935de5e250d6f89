"""A font of the Chinese characters that stand on the pages, and of no others: 170 KB, not 5 MB.

It is cut out of Noto Sans SC (SIL Open Font License), of which npm's package has 97 slices.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.files import write_atomically

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

# Signs and punctuation, full-width forms, characters and their extension A.
CHINESE = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]")
PACKED = re.compile(r"data:application/gzip;base64,([\w+/=]+)")
FACE = (
    '@font-face { font-family: "Atkinson Next"; font-weight: RANGE; '
    'src: url("data:font/woff2;base64,DATA") format("woff2"); '
    "unicode-range: U+3000-303F, U+3400-4DBF, U+4E00-9FFF, U+F900-FAFF, U+FF00-FFEF; }"
)
WEIGHT = 430  # a little more than that of the text: the strokes are many
WEIGHTS = {"200 599": WEIGHT, "600 800": 680}  # where a page carries its font: bold is drawn, too
SLICE = "noto-sans-sc-{}-wght-normal.woff2"
NEEDLESS = [
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "VORG",
    "vhea",
    "vmtx",
]  # no vertical lines, no variants


def characters(texts: Iterable[str]) -> str:
    """Every Chinese character of the texts once, in order."""
    return "".join(sorted({one for text in texts for one in CHINESE.findall(text)}))


def packed(page: str) -> Iterator[str]:
    """What the moving pieces of a page carry, which say their words later."""
    for found in PACKED.finditer(page):
        content = json.loads(gzip.decompress(base64.b64decode(found[1])))
        yield json.dumps(content, ensure_ascii=False)


def make_font(wanted: str, package: Path, target: Path, weight: int = WEIGHT) -> Path:
    """Write a font (woff2) of the characters `wanted` to `target`, unless it is there; return it.

    package: the folder of npm's @fontsource-variable/noto-sans-sc. Raises SiteError for characters
    that the font does not have.
    """
    stamp = target.with_suffix(".made")
    code = Path(__file__).read_text(encoding="utf-8")
    done = hashlib.sha256(f"{wanted}\n{weight}\n{code}".encode()).hexdigest().encode()
    if not (target.is_file() and stamp.is_file() and stamp.read_bytes() == done):
        write_atomically(target, _cut(wanted, package, weight), durable=False)
        write_atomically(stamp, done, durable=False)
    return target


def with_font(page: str, vendor: Path) -> str:
    """A page that stands alone, with the Chinese characters that it has in its font.

    vendor: the folder that `vendor()` returns.
    """
    wanted = characters([page, *packed(page)])
    if not wanted:
        return page
    name = hashlib.sha256(wanted.encode()).hexdigest()[:12]
    home, faces = vendor.parent / "chinese", ""
    for span, weight in WEIGHTS.items():
        font = make_font(wanted, vendor / "chinese", home / f"{name}-{weight}.woff2", weight)
        data = base64.b64encode(font.read_bytes()).decode("ascii")
        faces += FACE.replace("RANGE", span).replace("DATA", data) + "\n"
    return page.replace("<style>", f"<style>{faces}", 1)


def _cut(wanted: str, package: Path, weight: int) -> bytes:
    from fontTools.merge import Merger

    parts, left = [], set(map(ord, wanted))
    for name, spec in json.loads((package / "unicode.json").read_text(encoding="utf-8")).items():
        found = {code for code in left if _holds(spec, code)}
        left -= found
        if found:
            parts.append(_slice(package / "files" / SLICE.format(name.strip("[]")), found, weight))
    if left:
        lacking = " ".join(map(chr, sorted(left)))
        raise SiteError(f"The font of the pages lacks {lacking}: take characters that it has.")
    font = Merger().merge(parts)
    font.flavor = "woff2"
    return _saved(font).getvalue()


def _slice(path: Path, codes: set[int], weight: int) -> io.BytesIO:
    """What a slice has for some characters, in one weight."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    options = Options(layout_features=[], name_IDs=[], hinting=False)
    options.drop_tables += NEEDLESS
    font = TTFont(path)
    cutter = Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    font = instantiateVariableFont(font, {"wght": weight})
    font.flavor = None
    return _saved(font)


def _saved(font: TTFont) -> io.BytesIO:
    data = io.BytesIO()
    font.save(data)
    data.seek(0)
    return data


def _holds(spec: str, code: int) -> bool:
    """Whether a unicode-range of a style sheet, like "U+4e00,U+4e8c-4e95", has a character."""
    for part in spec.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        if int(first, 16) <= code <= int(last or first, 16):
            return True
    return False
