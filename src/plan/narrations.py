"""What a person should know about the narrations that a job brings."""

from collections.abc import Iterator, Sequence

from ..models.job import RenderJob, Scene
from ..models.sound import SuppliedWord
from ..text.emphasis import marked
from ..text.segmentation import segmented
from .support import captions_speech
from .voices import scene_language

#: Share of the words of a text, or of a narration if it has fewer, below which they tell of different things:
#: any two texts of one language have nearly as many in common.
_ALIKE = 0.35


def narration_warnings(job: RenderJob) -> tuple[str, ...]:
    """Tell of narrations that get no captions, or get others than the text beside them says."""
    if not captions_speech(job):
        return ()
    return tuple(
        told for index, scene in enumerate(job.scenes) for told in _told(job, scene, f"scenes[{index}]")
    )


def _told(job: RenderJob, scene: Scene, path: str) -> Iterator[str]:
    if scene.audio is None or scene.audio.transcribe:
        return
    has_text = bool(scene.text.strip())
    if not scene.audio.words and not has_text:
        yield (
            f"{path}.audio: nobody knows what is said, so the scene has no captions: give its words in"
            f" {path}.text, or with their times in audio.words, or have them written down by audio.transcribe"
        )
    if has_text and _differ(scene.text, scene.audio.words, scene_language(job, scene)):
        yield (
            f"{path}.text: audio.words say something else, and they are what is shown, nothing of the"
            " text is: leave out which of the two is wrong"
        )


def _differ(text: str, words: Sequence[SuppliedWord], language: str) -> bool:
    """Tell whether a text has hardly any of the words of a narration."""
    written = _words(" ".join(part.text for part in marked(text)), language)
    given = _words(" ".join(word.text for word in words), language)
    fewer = min(len(written), len(given))
    return fewer > 0 and len(written & given) < _ALIKE * fewer


def _words(text: str, language: str) -> set[str]:
    letters = ("".join(filter(str.isalnum, word)) for word in segmented(text.casefold(), language))
    return set(filter(None, letters))
