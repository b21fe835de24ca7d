"""An extractor with faults, chosen by the text: for `TOCSIN_EXTRACTION=tests.agents.faults:extractor`.

A text that starts with `raise`, `hang`, `sleep` or `die` does so; others go to the real extractor, or, for
`extractor`, have no events.
"""

import os
import signal
import time

from schemas.articles import Article
from schemas.events import Event
from streams.processes import load_extractor
from streams.reading import Extract

Found = tuple[tuple[Event, ...], str | None]


def _fault(text: str) -> None:
    if text.startswith("raise"):
        raise ValueError("this text cannot be read")
    if text.startswith("hang"):
        while True:
            pass
    if text.startswith("sleep"):
        time.sleep(1)
    if text.startswith("die"):
        os.kill(os.getpid(), signal.SIGKILL)


def extractor() -> Extract:
    def extract(article: Article, _content_hash: str) -> Found:
        _fault(article.text)
        return (), None

    return extract


def real() -> Extract:
    read = load_extractor()

    def extract(article: Article, content_hash: str) -> Found:
        _fault(article.text)
        return read(article, content_hash)

    return extract


def broken() -> Extract:
    raise OSError("the language data is not here")
