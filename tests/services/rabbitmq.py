"""A RabbitMQ broker of the tests' own: loopback, free ports, a temporary folder, gone afterwards."""

import json
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection
from pika.exceptions import AMQPError, ChannelClosedByBroker

from src.bus.layout import QUEUES, definitions
from tests.services.missing import Missing
from tests.services.ports import free_port
from tests.waiting import PATIENCE_SECONDS, eventually

#: Environment variable that names the version: 3.10 is Debian's, 4.3 the one that `make rabbitmq4` unpacks.
VERSION = "RABBITMQ"
#: Where `make rabbitmq4` unpacks it.
ROOT_OF_4 = Path("/var/cache/neuroshorts/rabbitmq4")
_VHOST = "films"
_PROGRAMS = "/usr/lib/rabbitmq/bin"
#: Longest wait for an acknowledgement, unless a test sets another one.
_TIMEOUT_MS = 1_800_000


class Ports(NamedTuple):
    """Where it listens, on loopback."""

    amqp: int
    distribution: int
    epmd: int
    management: int
    metrics: int
    """Where Prometheus is told, if anybody is."""


class RabbitMQ:
    """A broker that can be stopped and started again, and keeps what it has."""

    def __init__(self, folder: Path, wrapper: tuple[str, ...], *, tells_metrics: bool = False) -> None:
        self._folder, self._wrapper, self._tells_metrics = folder, wrapper, tells_metrics
        self.is_boxed = bool(wrapper)
        """Whether all processes below it end with it."""
        self.ports = Ports(*(free_port() for _ in Ports._fields))
        self._password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "rabbitmq.conf").write_text(self._configuration())
        plugins = "rabbitmq_management, rabbitmq_prometheus" if tells_metrics else "rabbitmq_management"
        (folder / "enabled_plugins").write_text(f"[{plugins}].\n")
        (folder / "env.conf").touch()
        (folder / ".erlang.cookie").write_text(secrets.token_hex(16))
        (folder / ".erlang.cookie").chmod(0o600)
        self._environment = self._described()

    @property
    def url(self) -> str:
        return f"amqp://tests:{self._password}@127.0.0.1:{self.ports.amqp}/{_VHOST}"

    @property
    def management_url(self) -> str:
        """Where its management plugin answers."""
        return f"http://127.0.0.1:{self.ports.management}"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._wrapper, f"{_PROGRAMS}/rabbitmq-server"],
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(self._answers)

    def stop(self) -> None:
        """Stop it in order, as its operator would."""
        process = self._process
        if process is not None:
            # Not by signal: that would kill a broker in a box.
            self.control("stop")
            process.wait(PATIENCE_SECONDS)
            self._process = None

    def kill(self) -> None:
        """Kill it without warning."""
        process, self._process = self._process, None
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def control(self, *command: str) -> str:
        """Run `rabbitmqctl`."""
        done = subprocess.run(
            [*self._wrapper, f"{_PROGRAMS}/rabbitmqctl", "--quiet", *command],
            env=self._environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def disconnect_all(self) -> None:
        """Close every connection."""
        self.control("close_all_connections", "-p", _VHOST, "the test says so")

    def clear(self) -> None:
        """Empty our queues.

        Not delete them: RabbitMQ 3.10 may answer with an internal error when one is soon made again.
        """
        for name in filter(self.has, QUEUES):
            with self.channel() as channel:
                channel.queue_purge(name)

    def delete_queues(self) -> None:
        """Delete our queues."""
        with self.channel() as channel:
            for name in QUEUES:
                channel.queue_delete(name)

    def has(self, queue: str) -> bool:
        """Tell whether there is such a queue."""
        try:
            self.depth(queue)
        except ChannelClosedByBroker:
            return False
        return True

    def depth(self, queue: str) -> int:
        """Count the messages of a queue that nobody has; a quorum queue tells a little late."""
        with self.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).method.message_count)

    def publish(self, queue: str, body: bytes, **properties: Any) -> None:
        """Publish as somebody else would."""
        with self.channel() as channel:
            channel.basic_publish("", queue, body, pika.BasicProperties(**properties))

    def taken(self, queue: str) -> tuple[bytes, pika.BasicProperties] | None:
        """Take a message off a queue."""
        with self.channel() as channel:
            _, properties, body = channel.basic_get(queue, auto_ack=True)
            return None if body is None else (body, properties)

    def set_up(self) -> None:
        """Make a vhost as an operator would, from our definitions."""
        file = self._folder / "definitions.json"
        file.write_text(json.dumps(definitions(_VHOST)))
        self.control("import_definitions", str(file))
        self.control("set_permissions", "-p", _VHOST, "tests", ".*", ".*", ".*")

    def queues(self, *columns: str) -> set[tuple[str, ...]]:
        """List the queues with what their operator sees of them."""
        rows = self.control("list_queues", "-p", _VHOST, *columns).splitlines()
        return {tuple(row.split("\t")) for row in rows[1:]}

    @contextmanager
    def acknowledging_within(self, milliseconds: int) -> Iterator[None]:
        """Have the broker take back what is not acknowledged in time, on channels opened from now on."""
        self._set_timeout(milliseconds)
        try:
            yield
        finally:
            self._set_timeout(_TIMEOUT_MS)

    @contextmanager
    def channel(self) -> Iterator[BlockingChannel]:
        """Connect as somebody else would."""
        with BlockingConnection(pika.URLParameters(self.url)) as connection:
            yield connection.channel()

    def _set_timeout(self, milliseconds: int) -> None:
        self.control("eval", f"application:set_env(rabbit, consumer_timeout, {milliseconds}).")

    def _configuration(self) -> str:
        # A broker does not start with settings of a plugin that it has not.
        metrics = ("prometheus.tcp.ip = 127.0.0.1", f"prometheus.tcp.port = {self.ports.metrics}")
        return "\n".join(
            (
                *(metrics if self._tells_metrics else ()),
                f"listeners.tcp.1 = 127.0.0.1:{self.ports.amqp}",
                "management.tcp.ip = 127.0.0.1",
                f"management.tcp.port = {self.ports.management}",
                "default_user = tests",
                f"default_pass = {self._password}",
                "log.console = true",
                "log.file = false",
                "disk_free_limit.absolute = 50MB",
                "vm_memory_high_watermark.absolute = 512MB",
                f"consumer_timeout = {_TIMEOUT_MS}\n",
            )
        )

    def _described(self) -> dict[str, str]:
        folder = str(self._folder)
        # The tick looks for overdue acknowledgements, by default each minute.
        hurried = "-rabbit channel_tick_interval 500 -rabbit quorum_tick_interval 500"
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": folder,
            "ERL_EPMD_PORT": str(self.ports.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"tests{self.ports.amqp}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.ports.amqp),
            "RABBITMQ_DIST_PORT": str(self.ports.distribution),
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/env.conf",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/logs",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{folder}/generated",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none"
            f" -kernel inet_dist_use_interface {{127,0,0,1}} {hurried}",
        }

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text()[-3000:]
        # The client would log each failure as an error.
        logging.getLogger("pika").setLevel(logging.CRITICAL)
        try:
            with BlockingConnection(pika.URLParameters(self.url.replace(f"/{_VHOST}", "/%2F"))) as connection:
                return bool(connection.is_open)
        except AMQPError:
            return False


@contextmanager
def _port_mapper(port: int) -> Iterator[None]:
    """Run Erlang's port mapper: the one that a broker starts would leave its group and outlive it."""
    environment = {"PATH": os.environ["PATH"], "ERL_EPMD_ADDRESS": "127.0.0.1"}
    mapper = subprocess.Popen(
        ["epmd", "-port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        mapper.kill()
        mapper.wait()


@contextmanager
def running(version: str = "", *, tells_metrics: bool = False) -> Iterator[RabbitMQ]:
    """Start a broker and end it; with `tells_metrics` Prometheus can ask it.

    Raises:
        Missing: none of that version is installed.
    """
    folder = Path(tempfile.mkdtemp(prefix="ns-rabbitmq-"))
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        wrapper = _wrapper(version or os.environ.get(VERSION, "3.10"), folder)
        broker = RabbitMQ(folder, wrapper, tells_metrics=tells_metrics)
        if not broker.is_boxed:
            ending.enter_context(_port_mapper(broker.ports.epmd))
        ending.callback(broker.kill)
        broker.start()
        broker.set_up()
        yield broker


def _wrapper(version: str, folder: Path) -> tuple[str, ...]:
    """Tell what a broker of a version is started with; nothing for the one of this system."""
    if sys.platform != "linux":
        raise Missing("RabbitMQ is started privately on Linux only")
    if version == "3.10":
        if not Path(_PROGRAMS, "rabbitmq-server").exists():
            raise Missing("RabbitMQ is missing. Debian: apt-get install rabbitmq-server")
        return ()
    if not (ROOT_OF_4 / _PROGRAMS[1:] / "rabbitmq-server").exists() or not shutil.which("bwrap"):
        raise Missing(f"RabbitMQ {version} is missing. Debian, as root: make rabbitmq4")
    places = (
        "--bind",
        str(ROOT_OF_4),
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--bind",
        *2 * (str(folder),),
    )
    return ("bwrap", *places, "--unshare-pid", "--die-with-parent", "--chdir", str(folder))
