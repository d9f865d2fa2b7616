"""What MkDocs calls while it builds the site."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from deploy.docs import links, site

_ROOT = Path(__file__).parents[2]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the reference."""
    for name, text in site.pages(_ROOT).items():
        files.append(File.generated(config, name, content=text))
    files.append(File.generated(config, site.STYLES_PICTURE, content=site.styles_picture()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make links of the repository work in the site, and show what has been drawn."""
    text = links.for_site(markdown, f"docs/{page.file.src_uri}", page.file.src_uri)
    if page.file.src_uri == "n8n.md":
        text = site.with_pictures(text, Path(config.docs_dir))
    if page.file.src_uri == "captions.md":
        text = site.with_styles(text)
    # Beside each page its Markdown, for programs that read llms.txt.
    plain = Path(config.site_dir) / page.file.src_uri
    plain.parent.mkdir(parents=True, exist_ok=True)
    plain.write_text(text, encoding="utf-8")
    return text
