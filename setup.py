"""Puts configs, evidence and the pages that a report prints, which stand beside the package, inside a built one."""

from pathlib import Path
from shutil import copy2, copytree

from setuptools import setup
from setuptools.command.build_py import build_py

DATA = ("configs", "seeds")
PAGES = ("model.md", "limits.md")


class WithData(build_py):
    """Copies what ``sim.reading.files.shipped_folder`` looks for; an editable install reads it in the checkout."""

    def run(self) -> None:
        """Build as usual, then copy."""
        super().run()
        for folder in () if self.editable_mode else DATA:
            copytree(folder, Path(self.build_lib, "sim", "_data", folder), dirs_exist_ok=True)
        for page in () if self.editable_mode else PAGES:
            into = Path(self.build_lib, "sim", "_data", "docs")
            into.mkdir(parents=True, exist_ok=True)
            copy2(Path("docs", page), into)


setup(cmdclass={"build_py": WithData})
