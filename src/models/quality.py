"""How well a film is made; the command line knows it without the models of jobs."""

from typing import Literal

Quality = Literal["draft", "standard", "high"]
