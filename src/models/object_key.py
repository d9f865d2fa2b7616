"""Keys of objects in a bucket and names in a folder, written as templates such as `films/{date}/{id}.mp4`."""

import re
from collections.abc import Mapping

#: What a template may hold between braces.
KEY_FIELDS = ("id", "job_id", "owner", "date", "format")
#: Most bytes of a key. Source: Amazon S3 User Guide, "Naming Amazon S3 objects".
MAX_KEY_BYTES = 1024
_FIELD = re.compile(r"\{([^{}]*)\}")


def wrong_template(template: str) -> str:
    """Tell what is wrong with a template; nothing when it can be expanded."""
    return _wrong_fields(template) or wrong_key(_FIELD.sub("x", template))


def wrong_name_template(template: str) -> str:
    """Tell what is wrong with a template of a name; nothing when it can be expanded."""
    return _wrong_fields(template) or wrong_name(_FIELD.sub("x", template))


def wrong_name(name: str) -> str:
    """Tell what is wrong with the name of a file in a folder."""
    if "/" in name:
        return "a name is no path: it has no slash"
    return wrong_key(name)


def wrong_key(key: str) -> str:
    """Tell what is wrong with a key; nothing when it stays below whatever it is put behind."""
    if any(part in {"", ".", ".."} for part in key.split("/")):
        return "a key has no leading, trailing or double slash, and no part that is . or .."
    if not key.isprintable() or "\\" in key:
        return "a key has printable letters and no backslash"
    if len(key.encode()) > MAX_KEY_BYTES:
        return f"a key has at most {MAX_KEY_BYTES} bytes"
    return ""


def expand(template: str, values: Mapping[str, str]) -> str:
    """Fill a template that nothing is wrong with."""
    return _FIELD.sub(lambda field: values[field[1]], template)


def _wrong_fields(template: str) -> str:
    unknown = [name for name in _FIELD.findall(template) if name not in KEY_FIELDS]
    if unknown or set("{}") & set(_FIELD.sub("", template)):
        fields = ", ".join(f"{{{name}}}" for name in KEY_FIELDS)
        return f"braces hold nothing but these: {fields}"
    return ""
