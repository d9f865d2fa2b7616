"""Fonts of Debian that tests of scripts need."""

import os
from pathlib import Path

import pytest

_NOTO = Path("/usr/share/fonts")
CJK = _NOTO / "opentype/noto/NotoSansCJK-Bold.ttc"
EMOJI = _NOTO / "truetype/noto/NotoColorEmoji.ttf"
BENGALI = _NOTO / "truetype/noto/NotoSansBengali-Bold.ttf"

_MISSING = [file.name for file in (CJK, EMOJI, BENGALI) if not file.is_file()]
_PACKAGES = "fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"

#: Skips a test where the fonts are not installed. In CI they are, and the test fails by itself.
needs_system_fonts = pytest.mark.skipif(
    bool(_MISSING) and not os.environ.get("CI"),
    reason=f"without {', '.join(_MISSING)}: apt-get install {_PACKAGES}",
)
