"""The environments that :mod:`environments` runs commands in: what differs in each from a plain one, and how to start.

A box is a folder of its own with a home, a folder for temporary files, and a folder to work in. Some boxes need root
(a user without an entry, file systems mounted for one process) or a tool that may be missing; they say what they need.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

UNKNOWN = 54_321
"""A user without an entry among the users."""
ALL = ("help", "check", "show", "run", "resume", "why", "compare", "update", "report", "script")
QUICK = ("help", "check", "show")
PLAYED = ("run", "resume", "script")
NO_LOCKS = """
#include <errno.h>
int flock(int handle, int what) { errno = ENOLCK; return -1; }
int lockf(int handle, int what, long size) { errno = ENOLCK; return -1; }
"""
"""A library that refuses locks on whole files, as some file systems of networks do."""
WRONG = "raise SystemExit('this is another module of that name')\n"
LIBRARIES = dict.fromkeys(("yaml.py", "random.py"), WRONG)
BESIDE = {"sim.py": WRONG, **LIBRARIES}


class Box(NamedTuple):
    """An environment: in what it differs from a plain one.

    In texts, ``{box}`` is the box's folder and ``{source}`` where the package is. ``settings`` of None take a variable
    away; ``before`` are words in front of the command; ``flags`` those of Python. ``shell`` is run before the command,
    as root in a file system of its own if ``mounts``; ``around`` is a shell's line with the command as ``"$@"``.
    """

    name: str
    commands: tuple[str, ...] = ALL
    settings: Mapping[str, str | None] = {}
    before: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    folder: str = "work"
    files: Mapping[str, str] = {}
    shell: str = ""
    mounts: bool = False
    around: str = ""
    columns: int = 0
    as_module: bool = False
    source: str = "checkout"
    python: str = ""
    cold: bool = False
    needs: tuple[str, ...] = ()

    @property
    def narrow(self) -> bool:
        """Whether lines there are too short for words."""
        return bool(self.columns) or "COLUMNS" in self.settings

    def lacks(self) -> str:
        """Return what the machine lacks for this box; empty if nothing."""
        if (self.mounts or "setpriv" in self.before) and os.getuid():
            return "root"
        tools = (*self.needs, *self.before[:1], *(("unshare",) if self.mounts else ()))
        return next((tool for tool in tools if not shutil.which(tool)), "")

    def command(self, words: list[str], box: Path, source: Path) -> list[str]:
        """Return the words that start a command in this box."""
        places = {"box": str(box), "source": str(source)}
        words = [*(word.format(**places) for word in self.before), *words]
        if self.shell or self.around:
            start = self.around or 'exec "$@"'
            words = ["sh", "-c", f"{self.shell.format(**places)}\n{start}", "sh", *words]
        return ["unshare", "--mount", *words] if self.mounts else words


def user(name: str, *commands: str, **settings: str | None) -> Box:
    """Return a box whose user is unknown to the system, but may read what root may."""
    caps = "+dac_read_search"
    ids = ("--reuid", str(UNKNOWN), "--regid", str(UNKNOWN), "--clear-groups")
    before = ("setpriv", *ids, "--inh-caps", caps, "--ambient-caps", caps)
    return Box(name, commands or ALL, settings, before, shell=f"chown -R {UNKNOWN}:{UNKNOWN} {{box}}")


def with_settings(name: str, *commands: str, **settings: str | None) -> Box:
    """Return a box that differs in variables alone."""
    return Box(name, commands or ALL, settings)


def mounted(name: str, shell: str, *commands: str) -> Box:
    """Return a box that mounts file systems of its own first."""
    return Box(name, commands or ALL, mounts=True, shell=shell, needs=("mount",))


def read_only(place: str) -> str:
    """Return the commands that close a folder to writing."""
    return f'mount --bind "{place}" "{place}" && mount -o remount,ro,bind "{place}"'


def localised(name: str, made: str, encoding: str) -> Box:
    """Return a box with a locale that is compiled for it."""
    place = "{box}/locales/" + f"{made}.{encoding}"
    shell = f"mkdir -p {{box}}/locales && localedef -i {made} -f {encoding} {place}"
    settings = {"LC_ALL": f"{made}.{encoding}", "LOCPATH": "{box}/locales"}
    return Box(name, ("check", "run", "update"), settings, shell=shell, needs=("localedef",))


BOXES = (
    Box("plain"),
    # --- who is at work, and where ---
    with_settings("no HOME", "check", "run", HOME=None),
    with_settings("HOME that is not there", "run", HOME="{box}/nowhere"),
    with_settings("HOME that is a file", "run", HOME="/dev/null"),
    user("unknown user", HOME=None),
    user("unknown user, cold cache", "run", HOME=None)._replace(cold=True),
    mounted("home read-only", read_only("{box}/home"), *QUICK, *PLAYED, "report"),
    mounted("home read-only, cold cache", read_only("{box}/home"), "run")._replace(cold=True),
    mounted("folder read-only", f'{read_only("$(pwd)")}; cd "$(pwd)"', *QUICK, *PLAYED, "why", "report"),
    mounted("all read-only", "mount -o remount,ro,bind /", *QUICK, *PLAYED, "why", "compare"),
    Box("folder that was removed", (*QUICK, "run", "script"), shell='d=$(mktemp -d); cd "$d"; rmdir "$d"'),
    Box("no locks", PLAYED, {"LD_PRELOAD": "{box}/no_locks.so"}, needs=("cc",)),
    # --- temporary files ---
    mounted("TMPDIR of 64 kB", "mount -t tmpfs -o size=64k tmpfs {box}/tmp", *PLAYED, "report"),
    with_settings("TMPDIR that is not there", "run", "report", TMPDIR="{box}/nowhere"),
    # --- terminals ---
    with_settings("COLUMNS=20", "check", "show", "run", "why", "compare", "update", COLUMNS="20"),
    with_settings("COLUMNS=0", *QUICK, COLUMNS="0"),
    with_settings("COLUMNS=wide", *QUICK, COLUMNS="wide"),
    Box("terminal of 20 columns", ("check", "show", "run", "compare"), columns=20),
    Box("terminal of 1 column", ("check", "run"), columns=1),
    Box("terminal, TERM=dumb", QUICK, {"TERM": "dumb"}, columns=80),
    with_settings("no TERM", *QUICK, TERM=None),
    with_settings("FORCE_COLOR=1", *QUICK, "why", FORCE_COLOR="1"),
    # --- encodings, locales, time ---
    with_settings("LANG=C", *QUICK, "run", LC_ALL="C"),
    with_settings("LANG=C, no UTF-8 mode", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
    with_settings("PYTHONIOENCODING=ascii", *QUICK, "run", "update", PYTHONIOENCODING="ascii"),
    with_settings("PYTHONIOENCODING=latin-1", *QUICK, "run", "update", PYTHONIOENCODING="latin-1"),
    Box("Latin-1 terminal of 40 columns", ("check", "show", "run"), {"PYTHONIOENCODING": "latin-1"}, columns=40),
    localised("German locale in Latin-1", "de_DE", "ISO-8859-1"),
    localised("Turkish locale", "tr_TR", "UTF-8"),
    with_settings("locale that is not there", *QUICK, LC_ALL="xx_YY.UTF-8"),
    with_settings("TZ=Asia/Kolkata", "run", "update", TZ="Asia/Kolkata"),
    with_settings("TZ=Australia/Lord_Howe", "update", TZ="Australia/Lord_Howe"),
    with_settings("TZ=nonsense", "run", "update", TZ="nonsense"),
    Box("clock in 2001", (*QUICK, *PLAYED, "update"), before=("faketime", "2001-02-03 04:05:06")),
    Box("clock in 2099", ("run",), before=("faketime", "2099-02-03 04:05:06")),
    Box("files from the future", ("check", "resume", "why"), shell="find {box} -exec touch -d 2080-01-01 {{}} +"),
    # --- libraries' settings ---
    with_settings("MPLBACKEND=nonsense", "run", "report", "script", MPLBACKEND="nonsense"),
    with_settings("MPLBACKEND=TkAgg, no display", "report", "script", MPLBACKEND="TkAgg", DISPLAY=None),
    with_settings("MPLCONFIGDIR that is a file", "report", "script", MPLCONFIGDIR="/dev/null"),
    with_settings("NUMBA_DISABLE_JIT=1", "run", "compare", NUMBA_DISABLE_JIT="1"),
    with_settings("NUMBA_CACHE_DIR that is a file", "run", NUMBA_CACHE_DIR="/dev/null"),
    with_settings("XDG_CACHE_HOME that is a file", "check", "run", XDG_CACHE_HOME="/dev/null"),
    with_settings("NUMBA_NUM_THREADS=nonsense", "check", "run", NUMBA_NUM_THREADS="nonsense"),
    with_settings("OMP_NUM_THREADS=1", "run", "compare", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1"),
    # --- Python's settings ---
    with_settings("PYTHONOPTIMIZE=1", *QUICK, *PLAYED, PYTHONOPTIMIZE="1"),
    with_settings("PYTHONOPTIMIZE=2", *ALL[1:], PYTHONOPTIMIZE="2"),  # the help is made of docstrings
    with_settings("PYTHONWARNINGS=error", PYTHONWARNINGS="error"),
    with_settings("PYTHONDEVMODE=1", *QUICK, "run", PYTHONDEVMODE="1"),
    with_settings("PYTHONHASHSEED=0", "check", "show", "run", "compare", PYTHONHASHSEED="0"),
    with_settings("PYTHONHASHSEED=12345", "check", "show", "run", "compare", PYTHONHASHSEED="12345"),
    with_settings("PYTHONSAFEPATH=1", *QUICK, "run", PYTHONSAFEPATH="1"),
    Box("python -I", (*QUICK, *PLAYED), flags=("-I",)),
    Box("python -m", ("help", "check", "run"), as_module=True),
    # --- limits ---
    Box("one processor", ("check", "run", "compare", "script"), before=("taskset", "--cpu-list", "0")),
    Box("1 GB of data (RLIMIT_DATA)", before=("prlimit", "--data=1000000000")),
    Box("2 GB of addresses (RLIMIT_AS)", (*QUICK, *PLAYED), before=("prlimit", "--as=2000000000")),
    Box("32 open files", (*QUICK, *PLAYED, "why", "report"), before=("prlimit", "--nofile=32")),
    Box("10 open files", ("check", "run"), before=("prlimit", "--nofile=10")),
    Box("umask 077", PLAYED, shell="umask 077"),
    Box("umask 000", ("run", "resume"), shell="umask 000"),
    # --- names of folders ---
    Box("folder with spaces", ("run", "resume", "report"), folder="a folder  of mine"),
    Box("folder with umlauts", ("run", "why", "report"), folder="Übung für Köche"),
    Box("folder with an emoji", ("run", "update", "script"), folder="🕊 peace"),
    Box("folder with a line break", ("run", "resume", "why", "report", "script"), folder="two\nlines"),
    Box("folder of bytes that are no text", folder=os.fsdecode(b"caf\xe9")),
    Box("folder with signs of patterns", ("run", "resume", "why"), folder="[a-z]*?{x}'\"$HOME"),
    Box("linked folder", ("check", "resume", "script"), shell="ln -s $(pwd) {box}/link && cd {box}/link"),
    Box("relative source", ("check", "run"), source="relative"),
    Box("sim.py and yaml.py in the folder", ("help", "check", "run"), files=BESIDE),
    Box("yaml.py and random.py there, python -m", ("help", "check", "run"), files=LIBRARIES, as_module=True),
    Box("sim.py beside the script", ("script",), files=BESIDE),
    Box("sim.py beside the script, PYTHONSAFEPATH=1", ("script",), {"PYTHONSAFEPATH": "1"}, files=BESIDE),
    # --- streams ---
    Box("standard input closed", (*QUICK, "run"), around='"$@" <&-'),
    Box("standard output closed", (*QUICK, "run", "script"), around='"$@" >&-'),
    Box("standard error closed", (*QUICK, "run"), around='"$@" 2>&-'),
    Box("all streams closed", (*QUICK, "run"), around='"$@" <&- >&- 2>&-'),
    Box("full standard output", (*QUICK, "run"), around='"$@" >/dev/full'),
    Box("| head -1", (*QUICK, "run", "why"), around='"$@" | head -1'),
    # --- how it is installed ---
    Box("installed from a wheel", (*QUICK, *PLAYED), source="wheel"),
    Box("wheel on the path", ("help", "check", "run"), source="zip"),
)  # fmt: skip


def no_locks(folder: Path) -> None:
    """Compile the library that refuses locks into a folder."""
    code = folder / "no_locks.c"
    code.write_text(NO_LOCKS, encoding="utf-8")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", folder / "no_locks.so", code], check=True)
