"""A real Apache Kafka as a child process: its jars come by Maven once, then a single KRaft node on free loopback ports."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType

from agents.embedded_broker import answers, end_with_parent, free_port

VERSION = "4.3.1"
POM = Path(__file__).with_name("pom.xml")
CLUSTER = "bmV3c2ZlZWQtdGVzdHMtMQ"  # any 22 characters of base64
START_SECONDS = 180.0  # on a machine that is busy
STOP_SECONDS = 15.0
JAVA = (
    "-Xmx512m",
    "-Xms128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={folder}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=2097152
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
"""


def libraries() -> Path:
    """Folder of Apache Kafka's jars, resolved by Maven once a machine; test processes that run at once wait for each other."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsfeed-tests"
    base.mkdir(parents=True, exist_ok=True)
    wanted = base / f"kafka-{VERSION}"
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.is_dir():
            making = base / f"kafka-{VERSION}.making"
            shutil.rmtree(making, ignore_errors=True)
            done = subprocess.run(
                ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={making}"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            if done.returncode:
                raise RuntimeError(f"Maven could not bring Apache Kafka: {(done.stdout + done.stderr)[-2000:]}")
            making.rename(wanted)
    return wanted


class ApacheKafka:
    """One broker; use as a context manager. What it stores survives ``kill`` and ``start``.

    Args:
        properties: more lines of its configuration; a later line goes before an earlier one (see also ``configure``).
        formatting: more arguments of Kafka's storage tool, such as users to begin with.
        ports: of an earlier broker whose folder this one goes on with; free ones where not given.
    """

    def __init__(
        self,
        jars: Path,
        folder: Path,
        *,
        properties: str = "",
        formatting: tuple[str, ...] = (),
        ports: tuple[int, int] | None = None,
    ) -> None:
        self._formatting = formatting
        self.ports = ports or (free_port(), free_port())
        self.port, self._controller = self.ports
        self._jars, self._folder = jars, folder
        self._settings = folder / "server.properties"
        self._log = folder / "server.log"
        self._settings.write_text(
            PROPERTIES.format(port=self.port, controller=self._controller, folder=folder / "data") + properties
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def configure(self, properties: str, **values: object) -> None:
        """More lines of its configuration, before it starts; ``{inside}`` and ``{controller}`` are the ports that it has."""
        with self._settings.open("a") as settings:
            settings.write(properties.format(inside=self.port, controller=self._controller, **values))

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _java(self, *arguments: str) -> list[str]:
        return ["java", *JAVA, "-cp", f"{self._jars}/*", *arguments]

    def start(self) -> ApacheKafka:
        """Format the folder where that was not done, start, and wait for an answer."""
        if not (self._folder / "data").exists():
            subprocess.run(
                self._java(
                    "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(self._settings), *self._formatting
                ),
                check=True,
                capture_output=True,
                timeout=START_SECONDS,
            )
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._java("kafka.Kafka", str(self._settings)), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._watcher = end_with_parent(self._process.pid)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if answers(self.bootstrap_servers):
                return self
            time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"Apache Kafka did not start: {self._log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        """kill -9."""
        self._unwatch()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nobody answers."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self._unwatch()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def _unwatch(self) -> None:
        if self._watcher is not None:
            self._watcher.kill()
            self._watcher.communicate()
            self._watcher = None

    def __enter__(self) -> ApacheKafka:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()  # nothing in it is needed any more
        shutil.rmtree(self._folder / "data", ignore_errors=True)
