"""A server that speaks S3 and checks rights, signatures and expiry: Ceph in memory, gone afterwards."""

import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

from tests.services.missing import Missing
from tests.services.ports import free_port
from tests.waiting import PATIENCE_SECONDS, eventually

_PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "ceph-authtool", "monmaptool")
#: One of everything, in memory, and nobody asks for rights but the gateway.
_CONFIGURATION = """\
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{monitor_port}/0]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = {folder}/run
admin socket = {folder}/run/$name.asok
log file = {folder}/log/$name.log
pid file = {folder}/run/$name.pid
keyring = {folder}/keyring
auth cluster required = none
auth service required = none
auth client required = none
mon data = {folder}/mon
mon allow pool size one = true
mon data avail crit = 0
mon data avail warn = 0
mon warn on pool no redundancy = false
mon osd min up ratio = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
osd class load list = *
osd class default list = *
ms bind ipv6 = false
ms mon client mode = crc
ms client mode = crc
ms service mode = crc
ms cluster mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
mgr initial modules =
osd heartbeat grace = 60
paxos propose interval = 0.05
paxos min wait = 0.02
log to stderr = false
debug ms = 0
rgw thread pool size = 64
[client.rgw]
rgw data = {folder}/rgw
rgw frontends = beast endpoint={endpoint}
rgw enable usage log = false
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = {key_id}={key}
"""
#: The one key that its key service has; the service is in the gateway itself.
KMS_KEY_ID = "films"


class User(NamedTuple):
    """Somebody with a key, who sees only buckets of their own."""

    access_key_id: str
    secret_access_key: str


def configuration(folder: str, fsid: str, monitor_port: int, endpoint: str) -> str:
    """Write the configuration of a store in memory whose gateway listens at an endpoint."""
    return _CONFIGURATION.format(
        fsid=fsid,
        monitor_port=monitor_port,
        endpoint=endpoint,
        folder=folder,
        key_id=KMS_KEY_ID,
        key=base64.b64encode(secrets.token_bytes(32)).decode(),
    )


class Ceph:
    """A store with a gateway for S3 that is stopped and started; objects outlive that."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        for name in ("mon", "osd", "rgw", "run", "log"):
            (folder / name).mkdir()
        monitor_port = free_port()
        self._monitor = f"[v2:127.0.0.1:{monitor_port}]"
        self._fsid = str(uuid.uuid4())
        told = configuration(str(folder), self._fsid, monitor_port, f"127.0.0.1:{self.port}")
        self._configuration = folder / "ceph.conf"
        self._configuration.write_text(told)

    def begin(self) -> None:
        """Start everything for the first time."""
        self._start_store()
        self.start()
        self.user = self.new_user()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, user: User | None = None) -> Any:
        """Make a client for somebody, by default who owns the buckets."""
        user = user or self.user
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=user.access_key_id,
            aws_secret_access_key=user.secret_access_key,
            config=Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required"),
        )

    def new_bucket(self) -> str:
        """Make an empty bucket and return its name."""
        name = f"films-{uuid.uuid4().hex}"
        self.client().create_bucket(Bucket=name)
        return name

    def new_user(self) -> User:
        """Make somebody who owns nothing."""
        user = User(secrets.token_hex(8), secrets.token_hex(16))
        name = uuid.uuid4().hex
        keys = ("--access-key", user.access_key_id, "--secret-key", user.secret_access_key)
        who = ("--uid", name, "--display-name", name)
        self._run("radosgw-admin", "-n", "client.rgw", "user", "create", *who, *keys)
        return user

    def start(self) -> None:
        """Start the gateway and wait until it answers."""
        self._gateway = self._begin("radosgw", "-n", "client.rgw", "-f")
        eventually(self._answers)

    def stop(self) -> None:
        """End the gateway with its connections; the store stays, and learns that it is gone."""
        self._gateway.terminate()
        self._gateway.wait(PATIENCE_SECONDS)

    def ensure_running(self) -> None:
        """Start the gateway if it is stopped."""
        if self._gateway.poll() is not None:
            self.start()

    def end(self) -> None:
        """End everything."""
        for process in reversed(self._processes):
            _end(process)

    def _start_store(self) -> None:
        folder, keyring = self._folder, str(self._folder / "keyring")
        allow = [word for service in ("mon", "osd", "mgr") for word in ("--cap", service, "allow *")]
        self._run("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", *allow[:3])
        for name in ("client.admin", "client.rgw"):
            self._run("ceph-authtool", keyring, "--gen-key", "-n", name, *allow)
        plan = str(folder / "monmap")
        self._run("monmaptool", "--create", "--fsid", self._fsid, "--addv", "a", self._monitor, plan)
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", plan, "--keyring", keyring)
        self._begin("ceph-mon", "-i", "a", "-f")
        id = str(uuid.uuid4())
        number = self._run("ceph", "osd", "new", id).strip()
        self._run("ceph-osd", "-i", number, "--mkfs", "--osd-uuid", id)
        # That of Debian 13 looks for them below the folder that it is started in.
        classes = next(Path("/usr/lib").glob("*/rados-classes"))
        self._begin("ceph-osd", "-i", number, "-f", "--osd-class-dir", str(classes))
        eventually(lambda: json.loads(self._run("ceph", "osd", "stat", "-f", "json"))["num_up_osds"])

    def _answers(self) -> bool:
        assert self._gateway.poll() is None, "the gateway ended by itself"
        try:
            urllib.request.urlopen(self.url, timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return True

    def _begin(self, *command: str) -> "subprocess.Popen[bytes]":
        with (self._folder / "log" / "told").open("ab") as log:
            process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        self._processes.append(process)
        return process

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "CEPH_CONF": str(self._configuration)}


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait(PATIENCE_SECONDS)


@contextmanager
def running() -> Iterator[Ceph]:
    """Start a server and end it.

    Raises:
        Missing: no server is installed.
    """
    if sys.platform != "linux" or not all(map(shutil.which, _PROGRAMS)):
        raise Missing("Ceph is missing. Debian: apt-get install radosgw ceph-mon ceph-osd ceph-common")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ns-ceph-")))
        server = Ceph(folder)
        stack.callback(server.end)
        server.begin()
        yield server
