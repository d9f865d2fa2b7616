"""How the spoken word stands out. A new mark is a file here, a line in `MARKS`, and a name in `MarkKind`."""

from collections.abc import Mapping
from types import MappingProxyType

from ....models.caption_style import MarkKind
from .boxed import Boxed
from .filled import Filled
from .glowing import Glowing
from .grown import Grown
from .lifted import Lifted
from .mark import Colored, Mark, Unmarked
from .underlined import Underlined

MARKS: Mapping[MarkKind, Mark] = MappingProxyType(
    {
        "none": Unmarked(),
        "color": Colored(),
        "box": Boxed(),
        "fill": Filled(),
        "grow": Grown(),
        "lift": Lifted(),
        "underline": Underlined(),
        "glow": Glowing(),
    }
)
