"""`python -m deploy.observability.dashboards`: write the files that Grafana reads."""

from .files import FOLDER, files

if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
