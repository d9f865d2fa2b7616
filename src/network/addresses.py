"""Which addresses are on the public internet, and which names spell an address.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
"""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SPECIAL_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by the customers of a carrier; Alibaba's metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's channel to its machines, in the middle of public addresses
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
#: All that is assigned to the public; loopback, link-local, private, multicast, mapped IPv4 are outside.
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which may lead to any IPv4 address
        "3fff::/20",  # documentation
    )
)
#: Where networks without IPv4 translate: an address in it is as public as the IPv4 address at its end.
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Tell whether an address is on the public internet."""
    if isinstance(address, IPv6Address):
        inner = inner_address(address)
        if isinstance(inner, IPv6Address):
            return inner in _GLOBAL_IPV6 and not any(inner in network for network in _SPECIAL_IPV6)
        address = inner
    return not any(address in network for network in _SPECIAL_IPV4)


def inner_address(address: Address) -> Address:
    """Return the IPv4 address that the system, or a translator on the way, makes of an IPv6 address."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def spelt_address(host: str) -> Address | None:
    """Read a host that is an address: in the usual spelling, or as numbers that systems take for one.

    `127.1`, `2130706433`, `0x7f.0.0.1` and `0177.0.0.1` are all this machine.
    """
    bare = host.removeprefix("[").removesuffix("]").partition("%")[0]
    try:
        return ip_address(bare)
    except ValueError:
        pass
    # Systems read a number with blanks and anything else behind it, too.
    if any(letter.isspace() for letter in host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None
