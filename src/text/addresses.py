"""Addresses, names of people on a platform, and tags, as they are said."""

import re

from .vocabulary import notion

#: Ends of names of hosts that people write without `https://`; other words with a dot in them are no address.
_ENDINGS = (
    "com|org|net|io|ai|app|dev|co|me|tv|gg|ly|shop|store|info|biz|edu|gov|eu|uk|us|ca|au|in"
    "|de|at|ch|fr|es|pt|br|it|nl|be|pl|se|no|dk|fi|ie|mx|ar|jp|kr|cn|ru|ua|tr"
)
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
ADDRESS = rf"(?P<scheme>https?://)?(?P<host>{_LABEL}(?:\.{_LABEL})+)(?::\d+)?(?P<rest>[/?#]\S*)?"
EMAIL = rf"(?P<who>[\w.+-]+)@(?P<host>{_LABEL}(?:\.{_LABEL})+)"
HANDLE = r"@(?P<name>\w[\w.]*)"
TAG = r"#(?P<name>\w*[^\W\d]\w*)"

_KNOWN_HOST = re.compile(rf"(?:www\..+|[^.]{{2,}}(?:\.[^.]+)*\.(?:{_ENDINGS}))", re.IGNORECASE)
#: A path that somebody would say: a word or two, no code.
_SAYABLE_PATH = re.compile(r"/(?P<word>[^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?)/?")
#: Where a capital letter begins a word inside of a tag.
_INNER_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d])(?=\d)|_+")


def said_address(scheme: str, host: str, rest: str, language: str) -> str | None:
    """Say an address: its host, and of one that was written by hand a path that can be said."""
    if not scheme and not _KNOWN_HOST.fullmatch(host):
        return None
    said = said_host(host, language)
    path = _SAYABLE_PATH.fullmatch(rest)
    slash = notion("slash", language)
    if said and path and slash and not scheme:
        return f"{said} {slash} {path['word'].replace('-', ' ')}"
    return said


def said_host(host: str, language: str) -> str | None:
    """Say the name of a host, with its dots."""
    dot = notion("dot", language)
    return host.removeprefix("www.").replace(".", f" {dot} ") if dot else None


def said_email(who: str, host: str, language: str) -> str | None:
    """Say an e-mail address."""
    at, dot, said = notion("at", language), notion("dot", language), said_host(host, language)
    if not (at and dot and said):
        return None
    return f"{who.replace('.', f' {dot} ').replace('_', ' ')} {at} {said}"


def said_handle(name: str, language: str) -> str | None:
    """Say a name of somebody on a platform."""
    at, dot = notion("at", language), notion("dot", language)
    if not (at and dot):
        return None
    return f"{at} {name.replace('.', f' {dot} ').replace('_', ' ').strip()}"


def said_tag(name: str, language: str) -> str | None:
    """Say a tag, word by word."""
    hashtag = notion("hashtag", language)
    words = " ".join(part for part in _INNER_WORD.split(name) if part)
    return f"{hashtag} {words}" if hashtag else None
