"""Fields that people write and a job does not have, with what they mean by them.

To add one, write its name and, by a field that its place must have, what to tell; the first
that fits is told.
"""

from collections.abc import Collection, Mapping

_PICTURES = 'pictures stand in visuals: [{"type": "image", "src": "..."}]'
_CLIPS = 'clips stand in visuals: [{"type": "video", "src": "..."}]'
_SRC = "did you mean src?"
_TEXT = "did you mean text?"
_SIZE = "did you mean width and height, in pixels?"
_WRAPPED = "send what is in it by itself: a job begins with its scenes"
_LENGTH = "scenes have a duration each, and the film that of all of them"

_MEANT: Mapping[str, Mapping[str, str]] = {
    "url": {"src": _SRC, "webhook_url": "did you mean webhook_url?"},
    "path": {"src": _SRC},
    "file": {"src": _SRC},
    "image": {"visuals": _PICTURES, "src": _SRC},
    "images": {"visuals": _PICTURES},
    "picture": {"visuals": _PICTURES, "src": _SRC},
    "video": {"visuals": _CLIPS, "src": _SRC},
    "videos": {"visuals": _CLIPS},
    "background": {"visuals": 'a background stands in visuals: [{"type": "procedural"}]'},
    "title": {
        "visuals": 'a title stands in visuals: [{"type": "title", "text": "..."}]',
        "text": _TEXT,
    },
    "narration": {"visuals": "did you mean text, which is said, or audio, a sound file?"},
    "script": {"scenes": 'what is said stands in scenes: [{"text": "..."}]', "text": _TEXT},
    "text": {"scenes": 'what is said stands in scenes: [{"text": "..."}]'},
    "size": {"output": "the size stands in output.width and output.height", "preset": _SIZE},
    "resolution": {"output": "the size stands in output.width and output.height", "preset": _SIZE},
    "subtitles": {"captions": "did you mean captions?"},
    "subtitle": {"captions": "did you mean captions?"},
    "duration": {"scenes": _LENGTH},
    "job": {"scenes": _WRAPPED},
    "body": {"scenes": _WRAPPED},
    "data": {"scenes": _WRAPPED},
}
#: Fields of a part of the job that people write beside that part.
_PARTS = {"output": ("width", "height", "fps", "quality", "format", "codec", "preset", "destinations")}


def told_of_meant(name: str, known: Collection[str]) -> str:
    """Tell what somebody means by a field that its place, with these fields, does not have; maybe nothing."""
    for part, fields in _PARTS.items():
        if part in known and name in fields:
            return f"did you mean {part}.{name}?"
    told = _MEANT.get(name.lower(), {})
    return next((what for field, what in told.items() if field in known), "")
