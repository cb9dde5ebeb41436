"""``python -m agents.cli`` is ``newsfeed``."""

from __future__ import annotations

from agents.cli import main

main()
