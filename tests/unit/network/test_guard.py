"""Whom jobs may have called: the public internet, and what the operator allows."""

import threading
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from src.errors import ForbiddenHost, NeuroShortsError, UncallableUrl
from src.network.addresses import Address, is_public
from src.network.allowance import WrongAllowance
from src.network.calls import Caller
from src.network.deadline import Deadline
from src.network.failures import AnswerTimeout, UnknownHost
from src.network.guard import Guard
from tests.receiver import Receiver, receiving

#: Spellings of places that are not public; `PORT` is one where somebody listens.
HOSTILE = [
    "127.0.0.1",
    "127.1",
    "127.0.0.1.",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0X7F.0x0.0x0.0x1",
    "127.000.000.001",
    "2130706433.",
    "0177.0.0.1",
    "017700000001",
    "127.0.1",
    "0",
    "0.0.0.0",
    "①②⑦.0.0.1",
    "１２７.0.0.1",
    "127｡0｡0｡1",
    "127.0.0.1\u00ad",
    "127.0.0.1\\@8.8.8.8",
    "127.0.0.1#@8.8.8.8/",
    "127.0.0.1?@8.8.8.8/",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "LocalHost..",
    "ⓛocalhost",
    "a.localhost",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "[fe80::1]",
    "[fec0::1]",
    "[100::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001:db8::1]",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "255.255.255.255",
]


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def found(*addresses: str) -> tuple[Address, ...]:
    return tuple(map(ip_address, addresses))


@pytest.mark.parametrize("host", HOSTILE)
def test_no_spelling_leads_to_a_place_that_is_not_public(host: str, receiver: Receiver) -> None:
    url = f"http://{host}:{receiver.port}/hook"
    with pytest.raises(ForbiddenHost):
        Caller(Guard(), seconds=5).post(url, {}, b"{}")
    with pytest.raises(ForbiddenHost) as refused:
        Guard().refuse_spelt(url, "webhook_url")
    assert (refused.value.code, refused.value.path) == ("forbidden_host", "webhook_url")
    assert receiver.received == []


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "169.254.169.254",
        "fe80::1%2",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_to_such_a_place_is_refused_when_it_is_called(
    host: str, receiver: Receiver
) -> None:
    guard = Guard(resolve=lambda name, port: found(host.partition("%")[0]))
    url = f"http://hooks.example.com:{receiver.port}/"
    guard.refuse_spelt(url)
    with pytest.raises(ForbiddenHost, match=r"hooks\.example\.com.*NEUROSHORTS_FETCH_ALLOW_HOSTS"):
        Caller(guard).post(url, {}, b"{}")
    assert receiver.received == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com",
        "http://",
        "https:///",
        "no url",
        "http://a:b@example.com/",
        "http://user@example.com/",
        "http://exa mple.com/",
        "http://[::1",
        "javascript:alert(1)",
        "http://example.com:99999/",
        "http://8.8.8.8@127.0.0.1/",
        "http://127.0.0.1%00.example.com/",
        "http://[fe80::1%25eth0]/",
        "http://[::1]x/",
        "http://4294967296/",
    ],
)
def test_what_is_no_address_of_http_is_not_called(url: str) -> None:
    with pytest.raises(UncallableUrl, match="cannot be called"):
        Guard().refuse_spelt(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a?b=c",
        "http://8.8.8.8/",
        "http://[2606:4700::1111]:8080/",
        "http://bücher.example/",
    ],
)
def test_the_public_internet_is_not_refused(url: str) -> None:
    Guard().refuse_spelt(url)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:1/"),
        ("127.0.0.1:80", "http://2130706433/"),
        ("10.0.0.0/8", "https://10.1.2.3/"),
        ("10.0.0.0/8:443", "https://10.1.2.3/"),
        ("::1", "http://[::1]:5678/"),
        ("[::1]:5678", "http://[::1]:5678/"),
        ("fd00::/8", "http://[fd00::5]/"),
        ("[fd00::/8]:80", "http://[fd00::5]/"),
        ("127.0.0.1", "http://[::ffff:127.0.0.1]/"),
        ("localhost", "http://LOCALHOST:5678/"),
        ("LOCALHOST:5678", "http://localhost.:5678/"),
        ("*.localhost", "http://n8n.localhost/"),
    ],
)
def test_what_the_operator_allows_may_be_called(entry: str, url: str) -> None:
    Guard([entry]).refuse_spelt(url)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("127.0.0.1:80", "http://127.0.0.1:81/"),
        ("10.0.0.0/8", "http://11.0.0.1.localhost/"),
        ("*.localhost", "http://localhost/"),
        ("host", "http://localhost/"),
        ("*.host", "http://localhost/"),
        ("localhost:80", "http://localhost:81/"),
        ("localhost", "http://127.0.0.1/"),
    ],
)
def test_nothing_else_is_allowed_by_that(entry: str, url: str) -> None:
    with pytest.raises(ForbiddenHost):
        Guard([entry]).refuse_spelt(url)


@pytest.mark.parametrize(
    "entry", ["http://n8n", "a b", "10.0.0.0/33", "[::1", "n8n:port", "*", "a/b", "1:2:3", ""]
)
def test_a_setting_that_means_nothing_is_told(entry: str) -> None:
    with pytest.raises(WrongAllowance, match="NEUROSHORTS_FETCH_ALLOW_HOSTS"):
        Guard([entry])


def test_a_name_that_is_allowed_may_lead_anywhere() -> None:
    guard = Guard(["n8n"], resolve=lambda name, port: found("172.18.0.4"))
    assert guard.addresses("n8n", 5678, Deadline(5)) == found("172.18.0.4")


def test_of_several_addresses_only_those_that_are_public_are_used() -> None:
    guard = Guard(resolve=lambda name, port: found("127.0.0.1", "8.8.8.8", "::1"))
    assert guard.addresses("example.com", 80, Deadline(5)) == found("8.8.8.8")


def test_a_name_without_an_address_is_told() -> None:
    with pytest.raises(UnknownHost, match=r"nowhere\.invalid"):
        Guard().addresses("nowhere.invalid", 80, Deadline(30))


def test_a_name_server_that_does_not_answer_holds_nobody_up() -> None:
    over = threading.Event()

    def silent(name: str, port: int) -> tuple[Address, ...]:
        over.wait(60)
        return ()

    try:
        with pytest.raises(AnswerTimeout):
            Guard(resolve=silent).addresses("example.com", 80, Deadline(0.1))
    finally:
        over.set()


@pytest.mark.parametrize(
    "text", ["1.1.1.1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111", "172.32.0.1", "100.128.0.1"]
)
def test_public_addresses_are_told_from_others(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://10.1.2.3/a", "10.1.2.3"),
        ("https://10.1.2.3/a", "10.1.2.3"),
        ("http://10.1.2.3:5678/a", "10.1.2.3:5678"),
        ("http://localhost:5678/a", "localhost:5678"),
        ("http://[fd00::1]:5678/a", "[fd00::1]:5678"),
    ],
)
def test_what_the_operator_would_have_to_allow_is_no_more_than_was_asked_for(url: str, entry: str) -> None:
    with pytest.raises(ForbiddenHost) as refused:
        Guard().refuse_spelt(url)

    assert refused.value.message.endswith(f"NEUROSHORTS_FETCH_ALLOW_HOSTS={entry}")
    Guard([entry]).refuse_spelt(url)


def test_every_refusal_has_a_code() -> None:
    told: list[NeuroShortsError] = [
        ForbiddenHost("a"),
        UncallableUrl("b"),
        UnknownHost("c"),
        AnswerTimeout("d", 1),
    ]
    assert [error.code for error in told] == [
        "forbidden_host",
        "uncallable_url",
        "unknown_host",
        "answer_timeout",
    ]
