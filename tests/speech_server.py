"""A service that speaks over HTTP, as OpenAI and as ElevenLabs do, and fails in all ways they do."""

import base64
import io
import json
import threading
import time
import wave
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import av
import numpy as np

from src.engines.audio.espeak import EspeakVoice
from src.engines.audio.speech import Spoken
from src.media.sound import Pcm, sound_frames
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance

KEY = "sk-test-0123456789abcdef"
#: Voices that it has, for either API.
VOICES = ("alloy", "nova", "rachel")


class Asked(NamedTuple):
    """A request."""

    path: str
    headers: Mapping[str, str]
    """By name in lower case."""
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """What is to be spoken."""
        return str(self.body.get("input", self.body.get("text")))


class Answer(NamedTuple):
    """What is sent back."""

    status: int = 200
    media_type: str = "audio/wav"
    body: bytes = b""
    headers: Mapping[str, str] = {}
    sent_bytes: int | None = None
    """After so many bytes of the body nothing more comes."""
    then_hangs: bool = False
    """Whether the connection stays open after those."""


#: Makes the answer to a request that is fine.
Manner = Callable[["SpeechServer", Asked], Answer]


@cache
def spoken(text: str) -> Spoken:
    """Speak a text, as the service does."""
    with EspeakVoice() as voice:
        return voice.synthesize(Utterance.of(text), "", "en", 1.0)


def wav_of(pcm: Pcm, *, streamed: bool = False) -> bytes:
    """Write a WAV file; a streamed one does not know its length."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(pcm.tobytes())
    written = out.getvalue()
    return written[:40] + b"\xff\xff\xff\xff" + written[44:] if streamed else written


def encoded(pcm: Pcm, container: str, codec: str) -> bytes:
    """Write a compressed file."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=SAMPLE_RATE)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "stereo"
        resampler = av.AudioResampler(stream.format, "stereo", SAMPLE_RATE, stream.frame_size or 4096)
        for frame in [*sound_frames(pcm), None]:
            for part in resampler.resample(frame):
                file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return out.getvalue()


def well(server: "SpeechServer", asked: Asked) -> Answer:
    """Speak."""
    said = spoken(asked.text)
    if "elevenlabs" not in server.api_of(asked):
        return Answer(body=wav_of(said.pcm))
    return timed(asked.text, encoded(said.pcm, "mp3", "libmp3lame"), said)


def timed(text: str, sound: bytes, said: Spoken) -> Answer:
    """Answer with sound and the times of characters, each as long as the others of its word."""
    starts, ends = np.zeros(len(text)), np.zeros(len(text))
    for (first, last), word in zip(Utterance.of(text).spans, said.words, strict=True):
        borders = np.linspace(word.start_sample, word.end_sample, last - first + 1) / SAMPLE_RATE
        starts[first:last], ends[first:last] = borders[:-1], borders[1:]
        if last < len(text):
            starts[last] = ends[last] = borders[-1]
    alignment = {
        "characters": list(text),
        "character_start_times_seconds": starts.tolist(),
        "character_end_times_seconds": ends.tolist(),
    }
    told = {"audio_base64": base64.b64encode(sound).decode(), "alignment": alignment}
    return Answer(media_type="application/json", body=json.dumps(told).encode())


def failing(status: int, told: object = None, **headers: str) -> Manner:
    """Answer with a status and what a service says about it."""
    body = json.dumps(told or {"error": {"message": f"told as {status}"}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda server, asked: Answer(status, "application/json", body, named)


def hang(server: "SpeechServer", asked: Asked) -> Answer:
    """Answer nothing until the server is closed."""
    server.closing.wait()
    return Answer(500)


def hang_in_body(server: "SpeechServer", asked: Asked) -> Answer:
    """Send a part of the body, and then nothing."""
    answer = well(server, asked)
    return answer._replace(sent_bytes=len(answer.body) // 2, then_hangs=True)


def cut(server: "SpeechServer", asked: Asked) -> Answer:
    """Close the connection in the middle of the body."""
    answer = well(server, asked)
    return answer._replace(sent_bytes=len(answer.body) // 2)


def half(server: "SpeechServer", asked: Asked) -> Answer:
    """Send half a file, whole as far as HTTP knows."""
    if "elevenlabs" in server.api_of(asked):
        said = spoken(asked.text)
        return timed(asked.text, encoded(said.pcm[: len(said.pcm) // 2], "mp3", "libmp3lame"), said)
    answer = well(server, asked)
    return answer._replace(body=answer.body[: len(answer.body) // 2])


def empty(server: "SpeechServer", asked: Asked) -> Answer:
    """Send nothing, and say that it is fine."""
    return Answer()


def html(server: "SpeechServer", asked: Asked) -> Answer:
    """Send the page of something that stands in between."""
    return Answer(media_type="text/html; charset=utf-8", body=b"<html><body>Please log in</body></html>")


def json_error(server: "SpeechServer", asked: Asked) -> Answer:
    """Say what is wrong, with the status of success."""
    return Answer(media_type="application/json", body=b'{"detail": {"message": "out of credits"}}')


def silence(server: "SpeechServer", asked: Asked) -> Answer:
    """Send sound in which nothing is heard."""
    nothing = np.zeros((SAMPLE_RATE, 2), np.int16)
    if "elevenlabs" in server.api_of(asked):
        return timed(asked.text, encoded(nothing, "mp3", "libmp3lame"), Spoken(nothing, ()))
    return Answer(body=wav_of(nothing))


def after(seconds: float, manner: Manner = well) -> Manner:
    """Take some time first."""

    def answer(server: "SpeechServer", asked: Asked) -> Answer:
        server.closing.wait(seconds)
        return manner(server, asked)

    return answer


class SpeechServer:
    """The service, on a port of its own: `/openai/v1` and `/elevenlabs`."""

    def __init__(self, manners: Sequence[Manner]) -> None:
        self.asked: list[Asked] = []
        self.asked_at: list[float] = []
        """Seconds on a clock of its own, beside `asked`."""
        self.most_at_once = 0
        self.closing = threading.Event()
        self._manners, self._lock, self._at_once = list(manners), threading.Lock(), 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server._serve(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def settings(self) -> dict[str, Any]:
        """Where it is, as settings."""
        return {
            "openai_base_url": f"{self.address}/openai/v1",
            "openai_api_key": KEY,
            "elevenlabs_base_url": f"{self.address}/elevenlabs",
            "elevenlabs_api_key": KEY,
            "elevenlabs_voice": "rachel",
        }

    def api_of(self, asked: Asked) -> str:
        """Tell which of its APIs was asked."""
        return asked.path.split("/")[1]

    def close(self) -> None:
        """Answer nobody any more, and let those go that wait."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["content-length"])))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(handler.path, headers, body)
        with self._lock:
            self.asked.append(asked)
            self.asked_at.append(time.monotonic())
            manner = self._manners.pop(0) if len(self._manners) > 1 else self._manners[0]
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            refusal = self._refusal(asked)
            self._send(handler, refusal or manner(self, asked))
        finally:
            with self._lock:
                self._at_once -= 1

    def _refusal(self, asked: Asked) -> Answer | None:
        """Refuse what the real services refuse."""
        api = self.api_of(asked)
        is_openai = api == "openai"
        key = asked.headers.get("authorization" if is_openai else "xi-api-key", "")
        if key.removeprefix("Bearer ") != KEY:
            told = {"error": {"message": f"Incorrect API key provided: {key.removeprefix('Bearer ')}"}}
            return Answer(401, "application/json", json.dumps(told).encode())
        voice = str(asked.body["voice"]) if is_openai else asked.path.split("/")[4]
        if voice not in VOICES:
            told = {"detail": {"status": "voice_not_found", "message": f"no voice {voice}"}}
            return Answer(400 if is_openai else 404, "application/json", json.dumps(told).encode())
        return None

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        length = {"Content-Length": str(len(answer.body)), "Content-Type": answer.media_type}
        with suppress(OSError):
            handler.send_response(answer.status)
            for name, value in {**length, **answer.headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(answer.body[: answer.sent_bytes])
            if answer.then_hangs:
                handler.wfile.flush()
                self.closing.wait()


@contextmanager
def speaking(*manners: Manner) -> Iterator[SpeechServer]:
    """Speak until the block ends: each request in the next of these ways, and in the last from then on."""
    server = SpeechServer(manners or (well,))
    try:
        yield server
    finally:
        server.close()
