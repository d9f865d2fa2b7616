"""The dashboards of Grafana, described in short and written out as the JSON that it reads."""
