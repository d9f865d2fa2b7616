"""Which voices there are here: those that speak in the render, and services that the operator has set up."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple, get_args

from ..engines.audio.speech import SpeechNotSetUp
from ..errors import RejectedJob
from ..models.rejections import raise_all, rejections
from ..models.sound import ProviderName
from ..plan.services import services
from ..plan.voices import Speaker, refuse_nameless
from ..settings import Settings
from .providers import PROVIDERS


class Known(NamedTuple):
    """A provider, as callers may know it."""

    provider: ProviderName
    is_set_up: bool
    """Whether jobs can have it speak: always so for one that speaks in the render itself."""
    setting: str = ""
    """What the operator sets for it; empty for one that speaks in the render itself."""
    voice: str = ""
    """For jobs that name none."""
    model: str = ""
    """For jobs that name none."""


class NobodySpeaks(RejectedJob):
    """A text for which the job names only voices that the operator has not set up."""

    # Callers are told the same, whether that is found before the film is made or while it is.
    code = SpeechNotSetUp.code

    def __init__(self, known: Known, *, path: str) -> None:
        super().__init__(
            f"{known.provider} is not set up here: choose another voice.provider, or have the operator set"
            f" {known.setting}",
            path=path,
        )


def catalogue(settings: Settings) -> tuple[Known, ...]:
    """List all providers of the schema."""
    asked = services(settings)
    return tuple(
        (
            Known(
                name,
                PROVIDERS[name](settings).is_set_up,
                PROVIDERS[name](settings).key_setting,
                asked[name].voice,
                asked[name].model,
            )
            if name in asked
            else Known(name, is_set_up=True)
        )
        for name in get_args(ProviderName)
    )


def refuse_unspoken(chains: Iterable[Sequence[Speaker]], settings: Settings) -> None:
    """Refuse texts that nobody here can speak, as far as the settings tell.

    Args:
        chains: who may speak each text, see `plan.voices.speakers`.
        settings: with the keys.

    Raises:
        RejectedJob: a voice has to be named, or the operator has set none of them up.
        InvalidJob: telling all, if there are several.
    """
    known = {entry.provider: entry for entry in catalogue(settings)}
    rejected: list[RejectedJob] = []
    for chain in chains:
        rejected += rejections(partial(refuse_nameless, chain, settings))
        if not any(known[speaker.provider].is_set_up for speaker in chain):
            rejected.append(NobodySpeaks(known[chain[0].provider], path=chain[0].paths["provider"]))
    raise_all(rejected)
