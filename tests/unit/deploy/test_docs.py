"""The documentation: what is written from the code has all of it, and every page can be found."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from deploy.docs import codes, command, http, job, links, readme, settings, site
from deploy.docs.markdown import json_block, table
from deploy.docs.schema import default, kind
from src.models.job import RenderJob
from src.settings import Settings

#: What writes the pages is no part of the program.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
TEXTS = sorted(str(file.relative_to(ROOT)) for file in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
SITE: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


@cache
def pages() -> dict[str, str]:
    return site.pages(ROOT)


@cache
def document() -> dict[str, Any]:
    return http.document()


def sections(page: str) -> dict[str, str]:
    """Split a page at its headings."""
    found = {}
    for part in f"\n{page}".replace("\n### ", "\n## ").split("\n## ")[1:]:
        title, _, text = part.partition("\n")
        found[title] = text
    return found


def anchors(file: Path) -> list[str]:
    """List what may be named behind a `#` where Markdown is shown: headings, without what is no letter."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def leaves(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    return [leaf for part in (nav if isinstance(nav, list) else nav.values()) for leaf in leaves(part)]


def test_every_field_of_a_job_is_described() -> None:
    found = {
        title.partition("{#")[2].rstrip("}"): text for title, text in sections(pages()["job.md"]).items()
    }
    schema = RenderJob.model_json_schema(by_alias=False)

    for name, part in {"RenderJob": schema, **schema["$defs"]}.items():
        rows = [line.split(" | ") for line in found[job.anchor(name)].splitlines() if line.startswith("| `")]
        assert [row[0] for row in rows] == [f"| `{field}`" for field in part["properties"]]
        assert all(all(cell.strip(" |") for cell in row) for row in rows)


def test_other_names_of_a_field_stand_beside_it() -> None:
    assert "Also written `callback`, `callback_url`, `callbackUrl`." in pages()["job.md"]


def test_every_example_is_shown() -> None:
    shown = pages()["job.md"].replace("\n    ", "\n")

    for file in (ROOT / "examples").glob("*.json"):
        assert f'example "{file.name}"\n\n```json\n{file.read_text(encoding="utf-8")}' in shown


def test_every_operation_is_described_with_its_parameters_and_answers() -> None:
    found = sections(pages()["http.md"])

    for method, path, operation in http.operations(document()):
        text = found[f"{method} {path}"]
        assert operation["summary"] in text
        for parameter in operation.get("parameters", ()):
            assert f"| `{parameter['name']}` | {parameter['in']} |" in text
        for status in operation["responses"]:
            assert status in text


def test_every_object_of_an_answer_is_described() -> None:
    found = sections(pages()["http.md"])

    for name, part in document()["components"]["schemas"].items():
        if name in found:
            assert all(f"| `{field}` |" in found[name] for field in part.get("properties", ()))
        else:
            assert name == job.ROOT or name in job.schema()["$defs"]


@pytest.mark.parametrize("code", ["key_missing", "file_gone", "forbidden_host", "bad_color", "unknown_field"])
def test_codes_of_problems_are_listed(code: str) -> None:
    assert f"| `{code}` |" in pages()["http.md"]


def test_a_code_of_several_errors_is_listed_once() -> None:
    listed = [found.code for found in codes.of_errors(ROOT / "src")]

    assert len(listed) == len(set(listed))


def test_every_command_is_described_with_its_options() -> None:
    found = sections(pages()["command.md"])
    described = command.commands()

    assert "neuroshorts cache prune" in [each.path for each in described]
    for each in described:
        for parameter in each.command.params:
            assert all(option in found[each.path] for option in parameter.opts if option.startswith("-"))


def test_every_setting_is_described_with_what_it_takes() -> None:
    page = pages()["settings.md"]

    assert all(f"| `NEUROSHORTS_{name.upper()}` | " in page for name in Settings.model_fields)
    assert "| `NEUROSHORTS_WORKERS` | whole number, 0 to 256 | `0` |" in page
    assert "| `NEUROSHORTS_LOG_FORMAT` | `auto`, `json`, `pretty` |" in page


def test_a_setting_that_the_readme_does_not_have_stops_the_build() -> None:
    with pytest.raises(KeyError, match="DATA_DIR"):
        settings.page("All of them are optional.\n\n| variable | default | meaning |\n")


def test_a_section_that_the_readme_does_not_have_stops_the_build() -> None:
    with pytest.raises(ValueError, match="no section 'Nothing'"):
        readme.section("# Title\n\n## Something\n", "Nothing")


def test_every_page_is_in_the_navigation_and_in_llms_txt() -> None:
    written = {file.relative_to(DOCS).as_posix() for file in DOCS.rglob("*.md")} | pages().keys()
    told = (DOCS / "llms.txt").read_text(encoding="utf-8")

    assert sorted(leaves(SITE["nav"])) == sorted(written)
    assert [name for name in written if f"]({name}): " not in told] == []


def test_nothing_of_the_site_comes_from_elsewhere() -> None:
    assert SITE["theme"]["font"] is False
    assert "extra_javascript" not in SITE


@pytest.mark.parametrize("file", TEXTS)
def test_links_lead_somewhere_where_the_repository_is_read(file: str) -> None:
    text = re.sub(
        r"^```.*?^```$", "", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    targets = [
        target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:|#", target)
    ]

    for target in targets:
        path, _, anchor = target.partition("#")
        leads_to = (ROOT / file).parent / path
        assert leads_to.exists(), target
        assert not anchor or anchor in anchors(leads_to), target


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("[settings](../README.md#settings)", "[settings](settings.md)"),
        ("[turns](adr/0008-turns.md#why)", "[turns](adr/0008-turns.md#why)"),
        ("[below](#below)", "[below](#below)"),
        ("[status](../src/models/status.py)", "status"),
        ("[RFC](https://example.org/a.md)", "[RFC](https://example.org/a.md)"),
        ("![a picture](a.png)", "![a picture](a.png)"),
        ("```\n[settings](../README.md#settings)\n```", "```\n[settings](../README.md#settings)\n```"),
    ],
)
def test_links_lead_to_pages_of_the_site_or_nowhere(link: str, expected: str) -> None:
    assert links.for_site(link, "docs/page.md", "page.md") == expected


def test_links_of_a_page_in_a_folder_lead_up() -> None:
    found = links.for_site("[HTTP](../../README.md#over-http)", "docs/adr/1.md", "adr/1.md")

    assert found == "[HTTP](../http.md)"


def test_links_of_the_readme_lead_to_pages() -> None:
    text = "[keys](docs/security.md) [HTTP](#over-http) [install](#without-make)"

    assert links.for_site(text, "README.md", "command.md") == "[keys](security.md) [HTTP](http.md) install"


def test_pictures_of_workflows_are_shown_when_they_are_drawn(tmp_path: Path) -> None:
    folder = tmp_path / "pictures" / "n8n"
    folder.mkdir(parents=True)
    (folder / "poll.png").touch()

    assert site.with_pictures("text\n", tmp_path) == "text\n\n![The workflow poll](pictures/n8n/poll.png)\n"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 600}, "number, above 0, at most 600"),
        (
            {"type": "integer", "minimum": 64, "maximum": 4320, "multipleOf": 2},
            "whole number, 64 to 4320, in steps of 2",
        ),
        ({"type": "string", "minLength": 1, "maxLength": 9}, "text, 1 to 9 characters"),
        ({"enum": ["a", "b"]}, '`"a"`, `"b"`'),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 8}, "list (at most 8) of text"),
        ({"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]}, "URL or `null`"),
        ({}, "any JSON"),
    ],
)
def test_types_are_told_in_words(schema: dict[str, Any], expected: str) -> None:
    assert kind(schema, lambda name: name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(30.0, "`30`"), (None, "none"), ("", "none"), ({}, "`{}`"), ({"at": 1.0}, "its defaults")],
)
def test_defaults_are_told_as_in_json(value: Any, expected: str) -> None:
    assert default({"default": value}) == expected


def test_json_takes_one_line_where_it_fits() -> None:
    text = "a" * 60

    assert json_block({"at": [0.5, 1.0]}) == '```json\n{"at": [0.5, 1]}\n```\n'
    assert json_block({"text": text, "size": [1, 2]}) == (
        f'```json\n{{\n  "text": "{text}",\n  "size": [1, 2]\n}}\n```\n'
    )


def test_a_cell_of_a_table_is_one_line() -> None:
    assert table(("a",), [("one\ntwo",)]) == "| a |\n| --- |\n| one two |\n"


def test_the_page_of_captions_shows_all_styles() -> None:
    text = site.with_styles((DOCS / "captions.md").read_text(encoding="utf-8"))

    assert f"]({site.STYLES_PICTURE})" in text
    with Image.open(BytesIO(site.styles_picture())) as picture:
        assert picture.size[0] > 1500
