"""Where the evaluation data lie: beside the project, or where NEWSFEED_SHARED points. Never part of the project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def shared() -> Path:
    """The folder of the evaluation data; ends the program with one line where there is none."""
    folder = Path(os.environ.get("NEWSFEED_SHARED", ROOT.parent / "shared"))
    if not (folder / "eval").is_dir():
        sys.exit(f"no evaluation data in {folder}: set NEWSFEED_SHARED to the folder that holds eval/")
    return folder
