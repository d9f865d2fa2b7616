"""What is heard, as the plan of a film has it: in samples, and thousandths of a decibel."""

from .planned import Planned, Sha256
from .sound import Mood


class VoiceClip(Planned):
    """Narration of one scene, placed."""

    sha256: Sha256
    start_sample: int
    samples: int
    """Its length; a clip is never cut."""


class ClipSound(Planned):
    """The own sound of a video visual, placed."""

    sha256: Sha256
    trim_ms: int
    start_sample: int
    samples: int
    gain_mdb: int


class MusicPlan(Planned):
    """The bed below the voice."""

    sha256: Sha256 | None
    """A supplied file; None for music synthesised from `mood` and `seed`."""
    mood: Mood
    seed: int
    gain_mdb: int
    """Against the voice's loudness."""
    duck_mdb: int
    fade_in_samples: int
    fade_out_samples: int
    loop: bool


class AudioPlan(Planned):
    """Everything that is heard."""

    samples: int
    voice: tuple[VoiceClip, ...]
    clips: tuple[ClipSound, ...]
    music: MusicPlan | None
    target_mlufs: int
    """Integrated loudness of the finished AAC in thousandths of a LUFS."""
    true_peak_mdb: int
