"""Voices of the render itself that do not exist, or cannot read a text: told before anything is spoken."""

from collections.abc import Iterator

from ..engines.audio.espeak_scripts import refuse_unspeakable
from ..engines.audio.espeak_voices import engine_voice
from ..errors import NotSupported, RejectedJob, UnknownName
from ..models.job import RenderJob
from .voices import Speaker, speakers


def embedded_voice_refusals(job: RenderJob) -> Iterator[RejectedJob]:
    """Tell why scenes cannot be spoken, where none of their voices can; models tell when they are loaded."""
    for index, scene in enumerate(job.scenes):
        if scene.text.strip() and not scene.audio:
            refusals = [_refusal(scene.text, speaker) for speaker in speakers(job, index)]
            found = [refusal for refusal in refusals if refusal]
            if len(found) == len(refusals):
                for refusal in found:
                    refusal.scene_id = scene.id or f"scene-{index + 1}"
                yield from found


def _refusal(text: str, speaker: Speaker) -> RejectedJob | None:
    if speaker.provider != "espeak":
        return None
    try:
        refuse_unspeakable(text, speaker.language)
        engine_voice(speaker.voice, speaker.language)
    except (NotSupported, UnknownName) as error:
        error.path = speaker.paths[error.path.removeprefix("voice.")]
        return error
    return None
