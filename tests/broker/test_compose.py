"""docker-compose.yml, the Dockerfile and the systemd unit: what can be checked of them without Docker."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_images_are_pinned() -> None:
    images = {name: service["image"] for name, service in COMPOSE["services"].items()}
    assert set(images) == {"kafka", "kafka-ui", "worker"}
    for image in images.values():
        assert re.fullmatch(r"[a-z0-9/._-]+:v?\d+\.\d+\.\d+", image), image
    assert images["worker"].endswith(f":{PROJECT['version']}")


def test_kafka_is_healthy_before_anything_uses_it_and_keeps_its_data() -> None:
    kafka = COMPOSE["services"]["kafka"]
    assert "kafka-broker-api-versions" in " ".join(kafka["healthcheck"]["test"])
    (volume,) = kafka["volumes"]
    assert volume.split(":")[0] in COMPOSE["volumes"]
    assert volume.split(":")[1] == kafka["environment"]["KAFKA_LOG_DIRS"]
    for name in ("kafka-ui", "worker"):
        assert COMPOSE["services"][name]["depends_on"]["kafka"]["condition"] == "service_healthy"


def test_kafka_is_reached_from_inside_and_from_the_host() -> None:
    kafka, worker = COMPOSE["services"]["kafka"], COMPOSE["services"]["worker"]
    advertised = dict(each.split("://") for each in kafka["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(","))
    assert advertised["INSIDE"] == worker["environment"]["NEWSFEED_BOOTSTRAP_SERVERS"]
    assert advertised["OUTSIDE"] == Settings.model_fields["bootstrap_servers"].default
    listeners = dict(each.split("://") for each in kafka["environment"]["KAFKA_LISTENERS"].split(","))
    protocols = dict(
        each.split(":") for each in kafka["environment"]["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")
    )
    assert set(listeners) == set(protocols) == {"INSIDE", "OUTSIDE", "CONTROLLER"}


def test_nothing_is_open_beyond_loopback() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_worker_is_restarted_and_has_time_to_stop() -> None:
    worker = COMPOSE["services"]["worker"]
    assert worker["restart"] == "always"
    assert int(worker["stop_grace_period"].removesuffix("s")) > 10
    named = [name.removeprefix("NEWSFEED_").lower() for name in worker["environment"]]
    assert set(named) <= set(Settings.model_fields)


def test_the_image_is_small_and_not_root() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert len(stages) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim", stage) for stage in stages)
    last = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]
    assert re.search(r"^USER 10001$", last, re.M)
    assert "--require-hashes" in DOCKERFILE
    assert PROJECT["requires-python"] == ">=3.11"
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.M):
        for each in source.split():
            assert (ROOT / each).exists(), each
    named = re.findall(r"NEWSFEED_([A-Z_]+)=", DOCKERFILE)
    assert {name.lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.parametrize(
    "wanted", ["Restart=always", "StartLimitIntervalSec=0", "RestartMaxDelaySec=60", "KillSignal=SIGTERM"]
)
def test_the_unit_restarts_with_back_off_and_without_a_limit(wanted: str) -> None:
    unit = (ROOT / "deploy" / "newsfeed-worker.service").read_text()
    assert wanted in unit.splitlines()
    stop = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.M)
    assert stop is not None
    assert int(stop.group(1)) > 10
