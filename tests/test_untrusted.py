"""Packs are data from anyone: bounded, no code, no path out of their folder; a broken one leaves the others working."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest
import regex
from fuzz import targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, PackError
from cleaner.check import SEEN, _takes_long
from cleaner.near import near_misses
from cleaner.own import domains_of
from cleaner.rules import MAX_BYTES

RULE = """
[related.example]
effect = "section"
phrases = ["Ancora dal nostro archivio"]
examples = ["Ancora dal nostro archivio"]
counterexamples = ["Ancora dal nostro archivio non era uscito nulla di simile."]
"""
BROKEN = RULE.replace("section", "explode")
ARTICLE = "Il ponte è stato riaperto ieri mattina, dopo nove anni di lavori e tre rinvii della giunta comunale."
PAGE = ARTICLE + "\n\nAncora dal nostro archivio"


def pattern_rule(pattern: str) -> str:
    return f"[tags.x]\neffect = 'inline'\npatterns = ['{pattern}']\nneeds = ['prova']\nexamples = ['prova']\ncounterexamples = ['altro']\n"


def refusal(folder: Path, text: str | bytes) -> PackError:
    file = folder / "xx.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(PackError) as refused:
        Cleaner(packs=[file])
    assert str(file) in str(refused.value)
    assert len(str(refused.value)) < 600
    return refused.value


EVIL = [
    "(?:a|aa)+$", "(?:a+)+$", "^(?:(?:a|a)+)+$", "(x+x+)+y", "^No(?:(?:ab)+(?:ab)*)+!$", r"(?:[\w.]+@?)+\.com$",
    "^a(?:b|c|bc)+(?:d|$)", "^Foto (?:é|e|ée)+;$", "^(?:(?:日|日本|本)+)+。$",
]  # fmt: skip
# In other engines these take for ever; regex does not, and so they may be.
HARMLESS = [
    "^(?:.*a){20}",
    r"\s+$",
    r"(?:\w+\s?)*",
    "^(?>a+)+$",
    "^(.*)(.*)(.*)(.*)x",
    r"^(?:\p{L}+[ -]?)+\d$",
    "^{name}$",
    "^{date}$",
]


@pytest.mark.parametrize("pattern", EVIL)
def test_a_pattern_that_backtracks_without_end_is_refused(tmp_path: Path, pattern: str) -> None:
    alone = regex.compile(pattern, regex.IGNORECASE | regex.VERSION0)
    assert any(_takes_long(alone, near) for near in near_misses(alone, SEEN))
    error = refusal(tmp_path, pattern_rule(f"^prova$|{pattern}"))
    assert (error.rule, "takes too long" in error.reason) == ("xx.tags.x", True)


@pytest.mark.parametrize("pattern", HARMLESS)
def test_a_pattern_that_only_looks_like_one_is_taken(tmp_path: Path, pattern: str) -> None:
    file = tmp_path / "xx.toml"
    file.write_text(pattern_rule(f"^prova$|^prova {pattern.lstrip('^')}"), encoding="utf-8")
    Cleaner(packs=[file])


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?:(?:(?:prova){1000}){1000}){1000}", "more than 1,000 times"), ("(?:a{1,500}){1,500}", "more than 1,000 times"), ("a{2000}", "more than 1,000 times"),
        ("(?R)?prova", "none of the groups"), ("(a(?1)?b)", "none of the groups"), ("(?:prova){e<=3}", "a brace"), ("(?V1)prova", "none of the groups"),
        ("(" * 60 + "prova" + ")" * 60, "more than 50 deep"), ("a{900}{900}", "more than 1,000 times"),
    ],
)  # fmt: skip
def test_what_has_no_bound_is_refused_before_it_is_compiled(tmp_path: Path, pattern: str, reason: str) -> None:
    assert reason in refusal(tmp_path, pattern_rule(pattern)).reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = " + "1" * 5000, "not valid TOML"), ("x = " + "[" * 100_000, "not valid TOML"), ("x = " + "{a=" * 100_000, "not valid TOML"), (b"\xff\xfe", "not valid TOML"),
        (".".join("a" * 100_000) + " = 1", "more than 30 parts"), ("[" + ".".join("a" * 100_000) + "]", "more than 30 parts"), ("x = {" + ".".join("a" * 100_000) + " = 1}", "more than 30 parts"),
        ("# " + "x" * MAX_BYTES, "larger than"), ("".join(RULE.replace("example]", f"r{n}]") for n in range(2001)), "more than 2,000 rules"),
        (RULE.replace('"section"', "0x" + "f" * 10_000), "not a string"), (RULE.replace("section", "x" * 100_000), "is none of"), (RULE.replace("example]", "x" * 1000 + "]"), "1 to 100 characters"),
        (RULE.replace('examples = ["', 'examples = ["' + "x" * 501, 1), "over 500 characters"), ("words = { stop = [" + '"a",' * 5001 + "] }\n" + RULE, "more than 5,000 strings"),
        (RULE + "limit = true\n", "limit is"), ('inherits = ["../../common"]\n' + RULE, "no pack '../../common'"), ('language = ""\n' + RULE, "1 to 100 characters"),
    ],
    ids=range(17),
)  # fmt: skip
def test_what_has_no_measure_is_refused(tmp_path: Path, text: str | bytes, reason: str) -> None:
    assert reason in str(refusal(tmp_path, text))


KEYS = st.sampled_from(
    "language name inherits sites spaced words stop chrome menu related tags x effect phrases patterns needs limit examples counterexamples".split()
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["section", "inline", "it", "…", "^a+$", "{digit}", "{date}"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | KEYS, inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


def as_toml(value: object) -> str:
    """A value as TOML; None is an empty list."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(key)} = {as_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(character):08x}" for character in value) + '"'
    return {None: "[]", True: "true", False: "false"}.get(value, str(value))  # type: ignore[call-overload]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, values, max_size=6), st.booleans())
def test_any_toml_is_refused_or_works(data: dict[str, object], sound: bool) -> None:
    text = "".join(f"{key} = {as_toml(value)}\n" for key, value in data.items())
    targets.packs((text + (RULE if sound else "")).encode())


def test_a_broken_pack_in_a_folder_leaves_the_others_working(tmp_path: Path) -> None:
    (tmp_path / "it.toml").write_text(RULE, encoding="utf-8")
    (tmp_path / "broken.toml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "heir.toml").write_text('inherits = ["late"]\n' + RULE, encoding="utf-8")
    (tmp_path / "late.toml").write_text(RULE.replace('examples = ["Ancora', 'examples = ["Mai', 1), encoding="utf-8")
    with pytest.warns(UserWarning, match="left out") as warned:
        own = Cleaner(packs=[tmp_path])
    said = " ".join(str(warning.message) for warning in warned)
    assert "broken.toml: broken.related.example: effect 'explode'" in said
    assert "late.toml: late.related.example: misses its example" in said
    assert "no pack 'late'" in said
    document = own.explain(PAGE, lang="it")
    assert (document.text, document.spans[-1].rule) == (ARTICLE, "it.related.example")
    with pytest.raises(PackError, match=r"broken\.toml"):
        Cleaner(packs=[tmp_path / "broken.toml"])


def test_a_broken_site_pack_leaves_pages_and_other_sites_working(tmp_path: Path) -> None:
    (tmp_path / "good.example.toml").write_text(RULE, encoding="utf-8")
    (tmp_path / "bad.example.toml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "slow.example.toml").write_text(pattern_rule("^prova$|(?:a|aa)+$"), encoding="utf-8")
    own = Cleaner(sites=[tmp_path])
    for host in ("bad", "slow"):
        with pytest.warns(UserWarning, match=rf"left out: .*{host}\.example\.toml"):
            assert own.explain(ARTICLE, lang="it", url=f"https://{host}.example/").text == ARTICLE
        assert own.explain(ARTICLE, lang="it", url=f"https://{host}.example/").text == ARTICLE  # said once
    assert own.explain(PAGE, lang="it", url="https://good.example/").spans[-1].rule == "good.example.related.example"
    with pytest.raises(PackError, match="explode"):
        Cleaner(sites=[tmp_path / "bad.example.toml"])


@pytest.mark.parametrize(
    "url",
    [
        "http://../secret.example", "//..", "http://a/../secret.example", r"http://..\secret.example", "http://x%2f..%2fsecret.example", "http://secret.example\0.it", "http://\0",
        "http://" + "a" * 300 + ".example", "http://" + "a." * 200_000 + "example", "http://[::1]/", "http://[", "http://\ud800.example", "http://" + "é" * 100 + ".example", "//xn--\x80.example", "http://.", "http://a..example", "file:///etc/passwd",
    ],
    ids=range(17),
)  # fmt: skip
def test_no_address_leads_out_of_the_folder(tmp_path: Path, url: str) -> None:
    (tmp_path / "secret.example.toml").write_text(RULE, encoding="utf-8")
    inner = tmp_path / "sites"
    inner.mkdir()
    assert "secret" not in str(Cleaner(sites=[inner]).explain(PAGE, lang="it", url=url).spans)


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text(RULE, encoding="utf-8")
    inner = tmp_path / "sites"
    inner.mkdir()
    os.symlink(tmp_path / "elsewhere.toml", inner / "linked.example.toml")
    with pytest.warns(UserWarning, match="leads out of its folder"):
        assert "elsewhere" not in str(Cleaner(sites=[inner]).explain(PAGE, lang="it", url="//linked.example").spans)
    with pytest.warns(UserWarning, match="leads out of its folder"):
        Cleaner(packs=[inner])


def test_a_site_is_found_by_any_form_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "città.example.toml").write_text(RULE, encoding="utf-8")
    own = Cleaner(sites=[tmp_path])
    for url in (
        "https://città.example/a",
        "https://www.CITTÀ.example.",
        "https://xn--citt-3na.example",
        "https://it.città.example:80",
    ):
        assert own.explain(PAGE, lang="it", url=url).spans[-1].rule == "città.example.related.example", url


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{0,40}/.{0,10}", fullmatch=True))
def test_domains_are_names_of_files(url: str) -> None:
    for domain in domains_of(url):
        assert len(domain) <= 253
        assert not set(domain) & set("/\\\0:%~")
        assert not {"", ".", ".."} & set(domain.split("."))


def test_a_pack_that_is_a_device_is_not_read_to_its_end() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no /dev/zero")
    with warnings.catch_warnings(), pytest.raises(PackError, match="larger than"):
        Cleaner(packs=["/dev/zero"])
