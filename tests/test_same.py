"""The same page has the same answer in every process, thread and order."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from cleaner import Cleaner

FIXTURES = Path(__file__).parents[1] / "fixtures"
BROKEN = ["\ud800\n" * 5, "\u200b", "a\u0301" * 40 + "\nRead more\n", "Home\n\n\n12:30\r\n© 2019"]


@cache
def pages() -> dict[str, str]:
    """A page of every third folder of fixtures, and some that are no pages."""
    folders = sorted(folder for folder in FIXTURES.iterdir() if folder.is_dir())[::3]
    files = [next(iter(sorted(f for f in d.glob("*.txt") if not f.name.endswith(".body.txt"))), None) for d in folders]
    return {str(f): f.read_text(encoding="utf-8") for f in files if f} | dict(zip("abcd", BROKEN, strict=True))


def answer(cleaner: Cleaner, text: str) -> str:
    return hashlib.sha256(json.dumps(cleaner.explain(text).to_dict()).encode()).hexdigest()


def answers(cleaner: Cleaner, names: Sequence[str]) -> dict[str, str]:
    return {name: answer(cleaner, pages()[name]) for name in names}


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    found = answers(Cleaner(), list(pages()))
    assert len(found) > 15
    return found


def test_four_processes_with_other_hash_seeds_and_orders(wanted: dict[str, str]) -> None:
    code = (
        "import sys, json, random, test_same as same; names = list(same.pages()); random.Random(int(sys.argv[1])).shuffle(names);"
        "print(json.dumps(same.answers(same.Cleaner(), names)))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(seed)],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
        )
        for seed in (0, 1, 42, 4_294_967_295)
    ]  # fmt: skip
    for process in started:
        said, _ = process.communicate()
        assert process.returncode == 0
        assert json.loads(said) == wanted


def test_eight_threads_at_once(wanted: dict[str, str]) -> None:
    cleaner = Cleaner()
    jobs = random.Random(5).sample(list(pages()) * 9, k=9 * len(pages()))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda name: answer(cleaner, pages()[name]), jobs))
    assert found == [wanted[name] for name in jobs]


def test_eight_threads_at_the_first_page_of_a_process(wanted: dict[str, str]) -> None:
    """Packs, matchers, weights and detectors are read while others ask for them."""
    code = (
        "import json, test_same as same; from concurrent.futures import ThreadPoolExecutor as Pool;"
        "names = list(same.pages()); cleaner = same.Cleaner();"
        "print(json.dumps(dict(zip(names, Pool(8).map(lambda name: same.answer(cleaner, same.pages()[name]), names)))))"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env).stdout
    assert json.loads(said) == wanted


def test_a_pickled_cleaner_and_another_order(wanted: dict[str, str]) -> None:
    cleaner = Cleaner()
    names = list(pages())
    assert answers(pickle.loads(pickle.dumps(cleaner)), names[::-1]) == wanted  # before its first page
    assert answers(cleaner, names[::2]) == {name: wanted[name] for name in names[::2]}
    assert answers(pickle.loads(pickle.dumps(cleaner)), names) == wanted  # and after


@pytest.mark.parametrize("method", sorted(set(multiprocessing.get_all_start_methods()) & {"fork", "spawn"}))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_processes_however_they_are_started(wanted: dict[str, str], method: str) -> None:
    context = multiprocessing.get_context(method)
    names = list(pages())
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        halves = list(pool.map(answers, [Cleaner(), Cleaner()], [names[::2], names[1::2]]))
    assert halves[0] | halves[1] == {name: wanted[name] for name in names}


def test_langdetects_own_factory_is_neither_disturbed_nor_relied_on(wanted: dict[str, str]) -> None:
    """A user who has set langdetect's seed and read two profiles into it finds both as they were; so do we the language."""
    import langdetect
    import langdetect.detector_factory as theirs

    from cleaner.language import _factory

    before = theirs._factory, theirs.DetectorFactory.seed
    try:
        own = theirs.DetectorFactory()
        profiles = [(Path(theirs.PROFILES_DIRECTORY) / name).read_text(encoding="utf-8") for name in ("de", "fr")]
        own.load_json_profile(profiles)
        theirs._factory, theirs.DetectorFactory.seed = own, 12345
        state = random.getstate()
        _factory.cache_clear()
        assert answers(Cleaner(), list(pages())) == wanted
        assert (theirs._factory, theirs.DetectorFactory.seed, own.langlist) == (own, 12345, ["de", "fr"])
        assert random.getstate() == state
        assert langdetect.detect("Der Fluss ist im Mai wieder offen, sagte der Müller.") == "de"
        assert langdetect.detect("Il ponte è stato riaperto ieri mattina.") in ("de", "fr")
    finally:
        theirs._factory, theirs.DetectorFactory.seed = before
        _factory.cache_clear()
