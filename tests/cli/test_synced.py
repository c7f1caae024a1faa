"""What a command writes is down to the disk when the command ends, with its entry in the folder."""

import os
from pathlib import Path

import pytest

from tests.commands import sim
from tests.worlds import write_tiny

CASES = Path(__file__).parents[1] / "validation" / "cases"
FEW = ("tiny.yaml", "--runs", "40")
WRITTEN = {
    ("run", *FEW, "--nested", "none", "--theory", "none", "--out", "kept"): ["kept/_manifest.json"],
    ("report", *FEW, "-o", "page.html"): ["page.html"],
    ("report", *FEW, "--brief", "-o", "brief.html"): ["brief.html"],
    ("sweep", *FEW, "actors.alba.hesitancy.parliament=0,0.5", "-o", "table.csv"): ["table.csv"],
    ("sweep", *FEW, "actors.alba.hesitancy.parliament=0,0.5", "-o", "curve.svg"): ["curve.svg"],
    ("record", *FEW, "-o", "record.json"): ["record.json"],
    ("export", "kept", "-o", "rows.json"): ["rows.json"],
    ("cases", str(CASES), "--runs", "40", "--theory", "0", "--out", "tables", "--write", "theatres"): [
        "tables/cases.json", "tables/scores.csv", "theatres/ruritania_2031.yaml",
    ],
}  # fmt: skip


def test_what_a_command_writes_is_synced_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path)
    synced: set[int] = set()
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    for words, files in WRITTEN.items():
        synced.clear()
        result = sim(*words)
        assert result.exit_code == 0, (words, result.output)
        for file in files:
            assert os.stat(file).st_ino in synced, f"{file} is not synced"
            assert os.stat(Path(file).parent).st_ino in synced, f"the folder of {file} is not synced"
        left = [path.name for path in tmp_path.rglob("*") if ".new" in path.name or path.suffix == ".part"]
        assert left == []
