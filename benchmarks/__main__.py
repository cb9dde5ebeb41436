"""All of it, one after the other: `make bench`. Each part is a command of its own as well."""

from __future__ import annotations

import argparse
import subprocess
import sys

PARTS = (
    ("benchmarks.quality.copies",),
    ("benchmarks.quality.actors", "--test"),
    ("benchmarks.quality.topics",),
    ("benchmarks.quality.gold",),
    ("benchmarks.copies",),
    ("benchmarks.copies.kafka",),
    ("benchmarks.pipeline",),
    ("benchmarks.pipeline.hop",),
    ("benchmarks.tagging",),
    ("benchmarks.alerts",),
)


def main() -> None:
    """Run every part; the exit code says whether all of them came to their end."""
    argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__).parse_args()
    failed = []
    for part in PARTS:
        print(f"\n## python -m {' '.join(part)}", flush=True)
        if subprocess.run([sys.executable, "-m", *part], check=False).returncode:
            failed.append(part[0])
    sys.exit(f"did not come to their end: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
