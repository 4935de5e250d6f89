"""The films in docs/images: small, whole, and in step with the code and the cells."""

import json

import numpy as np
import pytest
from PIL import Image

from course_utils.player.film import FILMS, IMAGES, MOST_BYTES, fingerprint, share_of, shown_scene
from course_utils.player.scenes import scenes

FILES = [IMAGES / f"{name}.{kind}" for name in FILMS for kind in ("webp", "gif")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_film_moves_and_is_small(path: object) -> None:
    assert path.stat().st_size < MOST_BYTES
    with Image.open(path) as film:
        assert film.n_frames > 15 and film.info["loop"] == 0
        film.seek(film.n_frames - 1)
        last = np.asarray(film.convert("RGB")).astype(int)
        film.seek(0)
        first = np.asarray(film.convert("RGB")).astype(int)
    assert (first[0, 0] == 255).all(), "its own paper, whatever the page's background"
    assert 0.005 < (np.abs(first - last).max(axis=2) > 40).mean() < 0.6


@pytest.mark.parametrize("name", FILMS)
def test_the_gif_shows_what_the_webp_shows(name: str) -> None:
    ends = []
    for kind in ("gif", "webp"):
        with Image.open(IMAGES / f"{name}.{kind}") as film:
            film.seek(film.n_frames - 1)
            ends.append(np.asarray(film.convert("RGB")).astype(int))
    assert np.abs(ends[0] - ends[1]).max() < 8


def test_films_are_in_step() -> None:
    """If this fails: python -m course_utils.player.film."""
    stored = json.loads((IMAGES / "films.json").read_text(encoding="utf-8"))
    now = fingerprint(shown_scene())
    assert (stored["drawing"], stored["scene"]) == (now["drawing"], now["scene"])
    for name, numbers in now["numbers"].items():
        for key, value in numbers.items():
            np.testing.assert_allclose(stored["numbers"][name][key], value, atol=0.03)


def test_width_is_logarithmic() -> None:
    assert share_of(0.0) == share_of(1e-9) == 0
    assert share_of(1e-2) - share_of(1e-4) == pytest.approx(share_of(1e-1) - share_of(1e-3))
    assert share_of(1e9) == 1


def test_fingerprint_sees_other_numbers() -> None:
    one, other = (s for s in scenes() if s.sequence == "click")
    assert fingerprint(one)["numbers"] != fingerprint(other)["numbers"]
