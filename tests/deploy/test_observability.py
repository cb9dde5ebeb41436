"""The alert rules and the dashboard: read by Prometheus' own parser, and about metrics that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY, generate_latest

import agents.metrics  # noqa: F401  (registers the metrics)
from agents.lag import Lag, Reach

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "newsfeed.rules.yaml"
DASHBOARD = DEPLOY / "grafana" / "newsfeed.json"
RUN = ("run", "-gcflags=all=-N -l", ".")  # unoptimised: compiled in two thirds of the time
METRIC = re.compile(r"\bnewsfeed_[a-z_]+")


def known() -> set[str]:
    """Names of series, as Prometheus keeps them."""
    lag = Lag()
    lag.note({("clean", "news.raw.v1", 0): Reach(0, 1)}, 0.0)
    names = {
        name for line in generate_latest(REGISTRY).decode().splitlines() for name in re.findall(r"^# TYPE (\S+) ", line)
    }
    names |= {family.name for family in lag.collect()}
    return names | {f"{name}_bucket" for name in names}


def expressions() -> list[str]:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [rule["expr"] for rule in rules] + [target["expr"] for panel in panels for target in panel["targets"]]


@pytest.mark.parametrize("expression", expressions())
def test_every_expression_is_about_metrics_that_exist(expression: str) -> None:
    used = set(METRIC.findall(expression))
    assert used <= known(), used - known()


def test_every_metric_is_on_the_dashboard_or_in_a_rule() -> None:
    said = " ".join(expressions())
    shown_elsewhere = {"newsfeed_subscriptions", "newsfeed_build_info", "newsfeed_event_streams"}
    names = {name for name in known() if name.startswith("newsfeed") and not name.endswith(("_bucket", "_created"))}
    assert {name for name in names if name not in said} <= shown_elsewhere


def test_prometheus_accepts_the_rules() -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("needs Go, to run Prometheus' own parser of rules")
    folder = Path(__file__).parent / "rules"
    run = subprocess.run([go, *RUN, str(RULES)], cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) == len(yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"])


def test_a_broken_rule_is_refused(tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("needs Go, to run Prometheus' own parser of rules")
    broken = tmp_path / "rules.yaml"
    broken.write_text(RULES.read_text(encoding="utf-8").replace("== 0", "=== 0"), encoding="utf-8")
    folder = Path(__file__).parent / "rules"
    run = subprocess.run([go, *RUN, str(broken)], cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 1
    assert "parse error" in run.stderr
