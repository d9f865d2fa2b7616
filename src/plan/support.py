"""What a job may ask for and this build does not carry out: refused by name, never ignored."""

from collections.abc import Iterator

from ..engines.audio.espeak_scripts import unspeakable
from ..engines.visuals.moviepy_clip import factories, wrong_params
from ..errors import NotSupported, RejectedJob, UnknownName
from ..media.fonts import families as font_families
from ..media.fonts import family_named
from ..models.job import RenderJob, Scene
from ..models.media_refs import is_url
from ..models.rejections import raise_all
from ..models.visual import MoviePyVisual, ProceduralVisual, TitleVisual
from .embedded_voices import embedded_voice_refusals
from .names import EFFECT_NAMES, FAMILY_NAMES, PALETTE_NAMES, TRANSITION_NAMES
from .voices import voice_of, voice_refusals


def refuse_unsupported(job: RenderJob) -> None:
    """Refuse a valid job that asks for more than this build does.

    Raises:
        NotSupported: a feature of the schema.
        UnknownName: a voice, font, background, palette, effect, transition or clip that nobody registered.
        InvalidJob: telling all, if there are several.
    """
    raise_all(list(_refusals(job)))


def _refusals(job: RenderJob) -> Iterator[RejectedJob]:
    yield from voice_refusals(job)
    yield from embedded_voice_refusals(job)
    family = job.captions.font.family
    if family and family_named(family) is None:
        yield UnknownName(
            "font family", family, font_families(), path="captions.font.family", listed_by="fonts"
        )
    yield from TRANSITION_NAMES.refusals(job.defaults.transition.type, "defaults.transition.type")
    yield from _name_refusals(job)
    for index, scene in enumerate(job.scenes):
        if scene.transition:
            yield from TRANSITION_NAMES.refusals(scene.transition.type, f"scenes[{index}].transition.type")
        yield from _model_refusals(scene, f"scenes[{index}]")
        if lacks_word_times(job, scene):
            yield from _narration_refusals(job, scene, f"scenes[{index}].audio.words")
        yield from _scene_refusals(scene, f"scenes[{index}]")


def _name_refusals(job: RenderJob) -> Iterator[RejectedJob]:
    """Refuse names that two scenes have: nobody could tell which one an error or a result means."""
    names = [scene.id or f"scene-{number}" for number, scene in enumerate(job.scenes, 1)]
    for index, name in enumerate(names):
        other = names.index(name)
        if other < index:
            # A scene without an id is named by its place: it is the other that has to give way.
            given, taken = (index, other) if job.scenes[index].id else (other, index)
            told = f"scenes[{taken}] has the name {name!r}, too: give each scene another id, or none"
            yield RejectedJob(told, path=f"scenes[{given}].id")


def _model_refusals(scene: Scene, path: str) -> Iterator[RejectedJob]:
    if scene.audio and scene.audio.transcribe and is_url(scene.audio.transcribe.model):
        told = "nobody checks a model by URL: the operator may write it into the asset manifest, name its id"
        yield RejectedJob(told, path=f"{path}.audio.transcribe.model")


def lacks_word_times(job: RenderJob, scene: Scene) -> bool:
    """Tell whether a narration brings a text that is captioned, and does not tell when its words are said."""
    has_text = bool(scene.text.strip())
    return captions_speech(job) and has_text and scene.audio is not None and not scene.audio.words


def captions_speech(job: RenderJob) -> bool:
    """Tell whether what is said is read somewhere, in the film or beside it."""
    return job.captions.src is None and (job.captions.enabled or bool(job.output.sidecars))


def _narration_refusals(job: RenderJob, scene: Scene, path: str) -> Iterator[RejectedJob]:
    language = voice_of(job.voice, scene.voice).language
    if name := unspeakable(scene.text, language):
        what = f"finding the words of a narration in {name}"
        yield NotSupported(what, path=path, instead="give their times in audio.words")


def _scene_refusals(scene: Scene, path: str) -> Iterator[RejectedJob]:
    for index, visual in enumerate(scene.visuals):
        here = f"{path}.visuals[{index}]"
        for place, effect in enumerate(visual.effects):
            yield from EFFECT_NAMES.refusals(effect, f"{here}.effects[{place}]")
        if isinstance(visual, ProceduralVisual | TitleVisual):
            yield from _background_refusals(visual, here)
        if isinstance(visual, MoviePyVisual):
            yield from _moviepy_refusals(visual, here)


def _moviepy_refusals(visual: MoviePyVisual, path: str) -> Iterator[RejectedJob]:
    known = factories()
    if visual.factory not in known:
        yield UnknownName("MoviePy factory", visual.factory, sorted(known), path=f"{path}.factory")
        return
    wrong = wrong_params(visual.factory, visual.params)
    if wrong:
        yield RejectedJob(f"{visual.factory!r} cannot be called so: {wrong}", path=f"{path}.params")


def _background_refusals(visual: ProceduralVisual | TitleVisual, path: str) -> Iterator[RejectedJob]:
    yield from FAMILY_NAMES.refusals(visual.family, f"{path}.family")
    palette = visual.palette
    if isinstance(palette, str):
        yield from PALETTE_NAMES.refusals(palette, f"{path}.palette")
    elif not 2 <= len(palette) <= 6:
        yield RejectedJob(f"a palette has 2 to 6 colors, not {len(palette)}", path=f"{path}.palette")
