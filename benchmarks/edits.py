"""What people do to a film between two renders, as changes to its job."""

from copy import deepcopy
from typing import Any

Job = dict[str, Any]

#: A photograph that is in no film of the bench.
NEW_PICTURE = "photo-5.jpg"
#: What the last word of a scene becomes.
NEW_WORD = "snow."
#: What is said in a scene that comes in new.
NEW_LINE = "Before we leave, one look at the map on the wall."


def with_another_word(job: Job) -> Job:
    """Change the last word that one scene says and shows."""
    changed = deepcopy(job)
    scene = changed["scenes"][_edited(job)]
    scene["text"] = " ".join([*scene["text"].split()[:-1], NEW_WORD])
    return changed


def with_another_picture(job: Job) -> Job:
    """Show another photograph in one scene, moved in the same way."""
    changed = deepcopy(job)
    changed["scenes"][_edited(job)]["visuals"][0]["src"] = NEW_PICTURE
    return changed


def with_a_scene_before(job: Job) -> Job:
    """Begin with a new scene that is as long as the one that was first; all others move."""
    changed = deepcopy(job)
    scene = deepcopy(changed["scenes"][_edited(job)])
    words = NEW_LINE.split()[: len(scene["text"].split())]
    scene["text"] = " ".join(words).rstrip(".,") + "."
    scene["visuals"][0] |= {"src": NEW_PICTURE}
    changed["scenes"].insert(0, scene)
    return changed


def _edited(job: Job) -> int:
    """Choose the scene that is edited: the last photograph of the first half."""
    first_half = range((len(job["scenes"]) + 1) // 2)
    return max(at for at in first_half if job["scenes"][at]["visuals"][0]["type"] == "image")
