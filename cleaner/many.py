"""Many texts, in order, on one process or several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from cleaner.pipeline import Cleaner, refuse_one

# Texts that travel to a worker together, and how many such batches wait for each worker.
BATCH = 16
WAITING = 4

_cleaner: Cleaner | None = None


def _start(cleaner: Cleaner) -> None:
    global _cleaner
    _cleaner = cleaner


def _clean_batch(work: tuple[list[str], str | None]) -> tuple[list[str], Exception | None]:
    """The bodies of a batch's texts, as far as it goes, and what went wrong then."""
    assert _cleaner is not None
    texts, lang = work
    cleaned: list[str] = []
    try:
        for text in texts:
            cleaned.append(_cleaner.clean(text, lang))
    except Exception as error:
        return cleaned, error
    return cleaned, None


def clean_many(cleaner: Cleaner, texts: Iterable[str], lang: str | None, workers: int, progress: bool) -> Iterator[str]:
    """What ``Cleaner.clean_many`` does."""
    refuse_one("texts", texts, "a list or an iterable")
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        raise ValueError(f"workers is a number from 1, not {workers!r}")
    cleaned = (cleaner.clean(text, lang) for text in texts) if workers == 1 else _spread(cleaner, texts, lang, workers)
    return _shown(cleaned, texts) if progress else cleaned


def _spread(cleaner: Cleaner, texts: Iterable[str], lang: str | None, workers: int) -> Iterator[str]:
    """Batches go to the workers a few ahead of what is read, so an endless input is fine."""
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    source, broken = iter(texts), None
    # spawned, not forked: a fork takes the caller's threads' locks with it
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(cleaner,)) as pool:
        waiting: deque[Future[tuple[list[str], Exception | None]]] = deque()
        while True:
            while not broken and len(waiting) < WAITING * workers:
                batch, broken = _next_batch(source)
                if not batch:
                    break
                waiting.append(pool.submit(_clean_batch, (batch, lang)))
            if not waiting:
                break
            cleaned, error = waiting.popleft().result()
            yield from cleaned
            if error:
                raise error
    if broken:
        raise broken


def _next_batch(source: Iterator[str]) -> tuple[list[str], Exception | None]:
    """The next texts, and what went wrong after them: what came before is cleaned all the same."""
    batch: list[str] = []
    try:
        for text in islice(source, BATCH):
            batch.append(text)
    except Exception as error:
        return batch, error
    return batch, None


def _shown(cleaned: Iterator[str], texts: Any) -> Iterator[str]:
    from rich.console import Console
    from rich.progress import track

    total = len(texts) if hasattr(texts, "__len__") else None
    yield from track(cleaned, "cleaning", total=total, console=Console(stderr=True))
