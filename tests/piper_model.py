"""A small voice for piper: inputs, outputs and names are those of its exports, each phoneme is a tone."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

SAMPLE_RATE = 16_000
HOP = 256
#: Frames of `HOP` samples: what stands between words, what ends a sentence, other marks, all that sounds.
_SPACE, _STOP, _MARK, _TONE = 6.0, 14.0, 1.0, 5.0
_SILENT = " _^$.,;:!?'\"-()ˈˌː"


def piper_config(**changed: Any) -> dict[str, Any]:
    """Write what stands beside the model."""
    return {
        "audio": {"sample_rate": SAMPLE_RATE},
        "espeak": {"voice": "en-us"},
        "language": {"code": "en_US"},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": 256,
        "num_speakers": 1,
        "speaker_id_map": {},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "hop_length": HOP,
        **changed,
    }


def write_voice(file: Path, *, tells_times: bool = True, **changed: Any) -> Path:
    """Write a model and the JSON beside it; `changed` are fields of that."""
    config = piper_config(**changed)
    file.write_bytes(
        voice_model(tells_times=tells_times, speakers=config["num_speakers"]).SerializeToString()
    )
    file.with_name(f"{file.name}.json").write_text(json.dumps(config), encoding="utf-8")
    return file


def voice_model(*, tells_times: bool = True, speakers: int = 1) -> onnx.ModelProto:
    """Build the model; its noise is random, as that of real ones."""
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])
    nodes = [*_durations(tells_times), *_frames(), *_samples(speakers)]
    graph = helper.make_graph(nodes, "voice", inputs, [output], _tables())
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def _durations(tells_times: bool) -> list[onnx.NodeProto]:
    """Frames of each phoneme: a table, times the length scale, rounded up as VITS does."""
    rounding = ("Ceil",) if tells_times else ("Floor",)
    return [
        helper.make_node("Gather", ["frames_table", "input"], ["frames_each"]),
        helper.make_node("Gather", ["scales", "one"], ["length_scale"]),
        helper.make_node("Mul", ["frames_each", "length_scale"], ["w"]),
        helper.make_node(rounding[0], ["w"], ["w_ceil"]),
    ]


def _frames() -> list[onnx.NodeProto]:
    """Which phoneme each frame belongs to."""
    return [
        helper.make_node("CumSum", ["w_ceil", "one"], ["ends"]),
        helper.make_node("ReduceMax", ["ends"], ["total"], keepdims=0),
        helper.make_node("Range", ["zero_float", "total", "one_float"], ["frame"]),
        helper.make_node("Unsqueeze", ["frame", "one_axis"], ["frame_column"]),
        helper.make_node("GreaterOrEqual", ["frame_column", "ends"], ["is_behind"]),
        helper.make_node("Cast", ["is_behind"], ["behind"], to=TensorProto.INT64),
        helper.make_node("ReduceSum", ["behind", "one_axis"], ["place"], keepdims=0),
        helper.make_node("Squeeze", ["input", "zero_axis"], ["ids"]),
        helper.make_node("Gather", ["ids", "place"], ["frame_ids"]),
        helper.make_node("Gather", ["pitch_table", "frame_ids"], ["pitch"]),
        helper.make_node("Gather", ["level_table", "frame_ids"], ["level"]),
    ]


def _samples(speakers: int) -> list[onnx.NodeProto]:
    """A sine of each frame's pitch, and noise where there is sound."""
    speaker = (
        [
            helper.make_node("Cast", ["sid"], ["speaker"], to=TensorProto.FLOAT),
            helper.make_node("Add", ["speaker", "one_float"], ["speaker_factor"]),
            helper.make_node("Mul", ["pitch", "speaker_factor"], ["own_pitch"]),
        ]
        if speakers > 1
        else [helper.make_node("Identity", ["pitch"], ["own_pitch"])]
    )
    return [
        *speaker,
        helper.make_node("Unsqueeze", ["own_pitch", "one_axis"], ["pitch_column"]),
        helper.make_node("Unsqueeze", ["level", "one_axis"], ["level_column"]),
        helper.make_node("Mul", ["pitch_column", "hop_phases"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["sine"]),
        helper.make_node("RandomNormalLike", ["sine"], ["random"]),
        helper.make_node("Gather", ["scales", "zero"], ["noise_scale"]),
        helper.make_node("Mul", ["random", "noise_scale"], ["scaled"]),
        helper.make_node("Mul", ["scaled", "noise_level"], ["noise"]),
        helper.make_node("Add", ["sine", "noise"], ["noisy"]),
        helper.make_node("Mul", ["noisy", "level_column"], ["wave"]),
        helper.make_node("Reshape", ["wave", "output_shape"], ["output"]),
    ]


def _tables() -> list[onnx.TensorProto]:
    frames, level = np.full(256, _TONE, np.float32), np.full(256, 0.5, np.float32)
    for phoneme, [id, *_] in DEFAULT_PHONEME_ID_MAP.items():
        if phoneme in _SILENT:
            level[id] = 0.0
            frames[id] = {" ": _SPACE, ".": _STOP, "?": _STOP, "!": _STOP}.get(phoneme, _MARK)
    phases = 2 * np.pi * np.arange(HOP, dtype=np.float32) / SAMPLE_RATE
    # Pitches with whole waves in a frame: no click between two.
    pitches = (2 + np.arange(256, dtype=np.float32) % 20) * SAMPLE_RATE / HOP
    arrays = {
        "frames_table": frames,
        "level_table": level,
        "pitch_table": pitches,
        "hop_phases": phases[None, :],
        "noise_level": np.float32(0.02),
        "zero_float": np.float32(0),
        "one_float": np.float32(1),
        "zero": np.int64(0),
        "one": np.int64(1),
        "zero_axis": np.array([0], np.int64),
        "one_axis": np.array([1], np.int64),
        "output_shape": np.array([1, 1, 1, -1], np.int64),
    }
    return [numpy_helper.from_array(np.asarray(array), name) for name, array in arrays.items()]
