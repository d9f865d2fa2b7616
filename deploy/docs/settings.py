"""The table of settings: the README's words, beside what each variable takes."""

import re

from deploy.docs.markdown import code, table
from deploy.docs.schema import kind
from src.settings import PREFIX, Settings

#: The page that this is.
PAGE = "settings.md"
#: The table needs the room of a list of headings, of which there are none.
_WIDE = "---\nhide: [toc]\n---\n\n"
_ROW = re.compile(rf"^\| `{PREFIX}([A-Z0-9_]+)` \| (.*?) \| (.*) \|$", re.MULTILINE)


def page(section: str) -> str:
    """Write the page from the README's section, whose table has a row for each setting."""
    told = {name: (default, meaning) for name, default, meaning in _ROW.findall(section)}
    opening = section.partition("\n|")[0].rstrip()
    return (
        f"{_WIDE}# Settings\n\n{opening}\n\n{table(('variable', 'takes', 'default', 'meaning'), _rows(told))}"
    )


def _rows(told: dict[str, tuple[str, str]]) -> list[tuple[str, ...]]:
    fields = Settings.model_json_schema(mode="validation")["properties"]
    return [
        (code(PREFIX + name.upper()), _takes(fields[name]), *told[name.upper()])
        for name in Settings.model_fields
    ]


def _takes(field: dict[str, object]) -> str:
    """Tell the type of a variable, which is text: a list has its parts in one."""
    plain = {"anyOf": [part for part in _choices(field) if part != {"type": "null"}]}
    found = kind(plain, code)
    if found.startswith("list"):
        return "list"
    return found.replace('`"', "`").replace('"`', "`").replace("``, ", "")


def _choices(field: dict[str, object]) -> list[object]:
    choices = field.get("anyOf", [field])
    assert isinstance(choices, list)
    return choices
