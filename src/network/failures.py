"""Why a call got no answer."""

from ..errors import CallFailed


class UnknownHost(CallFailed):
    """A name without an address."""

    code = "unknown_host"

    def __init__(self, host: str) -> None:
        super().__init__(f"no address is known for {host!r}: mend the name, or its entry in the DNS")


class Unreachable(CallFailed):
    """Nobody answers at an address, or not to the end."""

    code = "unreachable"

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host!r} cannot be reached ({reason}): see whether it runs and lets calls in")


class AnswerTimeout(CallFailed):
    """No whole answer in the time that a call may take."""

    code = "answer_timeout"

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host!r} gave no whole answer within {seconds:g} s: it should answer at once")


class UntrustedHost(CallFailed):
    """A certificate that is not valid for the host."""

    code = "untrusted_host"

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"the certificate of {host!r} is not to be trusted ({reason}): renew or mend it")


class StrangeAnswer(CallFailed):
    """An answer that is not HTTP."""

    code = "strange_answer"

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host!r} does not answer as HTTP says ({reason}): see what listens there")
