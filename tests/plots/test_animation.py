"""A film goes into the file that its ending asks for, by the writer of that kind, so fast and so fine as asked."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.animation import FFMpegWriter, HTMLWriter, PillowWriter

from sim.plots.animation import Film


class Noted:
    """An animation that notes how it is written."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def save(self, path: Path, *, writer: Any, dpi: float) -> None:
        limits = [mpl.rcParams[name] for name in ("animation.embed_limit", "savefig.bbox", "figure.dpi")]
        self.asked.append((path.name, type(writer), writer.fps, dpi, *limits))

    def to_jshtml(self, **options: Any) -> str:
        return f"{options}, {mpl.rcParams['animation.embed_limit']}"


@pytest.mark.parametrize(
    ("name", "fps", "there", "writer", "at"),
    [
        ("film.gif", 4.0, False, PillowWriter, 4.0),
        ("film.MP4", 2.5, True, FFMpegWriter, 2.5),
        ("film.html", 2.6, True, HTMLWriter, 3),
        ("film.Html", 0.2, True, HTMLWriter, 1),
    ],
)
def test_the_ending_says_the_kind(
    name: str, fps: float, there: bool, writer: type, at: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FFMpegWriter, "isAvailable", lambda: there)
    noted = Noted()
    film = Film(noted, None, 3)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert film.save(name, fps, 50.0) == Path(name)
    assert noted.asked == [(name, writer, at, 50.0, 200.0, None, 80.0)]
    assert len(film) == 3


def test_by_default_there_are_four_pictures_a_second() -> None:
    noted = Noted()
    Film(noted, None, 3).save("film.html")  # type: ignore[arg-type]
    assert noted.asked == [("film.html", HTMLWriter, 4, 80.0, 200.0, None, 80.0)]
    assert Film(noted, None, 3)._repr_html_() == "{'fps': 4, 'default_mode': 'once'}, 200.0"  # type: ignore[arg-type]
    assert mpl.rcParams["animation.embed_limit"] != 200.0


def test_without_ffmpeg_a_film_goes_beside_as_html_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FFMpegWriter, "isAvailable", lambda: False)
    noted = Noted()
    with pytest.warns(UserWarning, match=r"^ffmpeg is not installed here, .* goes to a.film.html as HTML$") as warned:
        assert Film(noted, None, 3).save("a.film.mp4") == Path("a.film.html")  # type: ignore[arg-type]
    assert noted.asked[0][:3] == ("a.film.html", HTMLWriter, 4) and warned[0].filename == __file__


def test_another_ending_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^film\.avi: a film ends in \.gif, \.mp4, \.html$"):
        Film(Noted(), None, 3).save("a/film.avi")  # type: ignore[arg-type]
