"""A user's packs: data from anyone, so each is checked before it is used.

A pack that is named must be sound. One that a folder holds is left out with a warning where it is not, and the others work.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path

from cleaner.address import host_of
from cleaner.check import check
from cleaner.match import Matcher
from cleaner.recent import Recent
from cleaner.rules import Pack, PackError, read_pack, with_parents

# So many packs at most are used together; the library itself has some seventy.
MAX_PACKS = 500
# The longest name of a host (RFC 1035, 2.3.4), and what it is made of.
_LONGEST_HOST = 253
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")


def own_packs(places: Iterable[str | Path]) -> dict[str, Pack]:
    """The packs at some places, files or folders, by name.

    Raises:
        PackError: where a named file is not a sound pack, or a folder has too many.
    """
    packs: dict[str, Pack] = {}
    found: set[str] = set()
    for place in map(Path, places):
        if not place.is_dir():
            pack = read_pack(place)
            packs[pack.name] = pack
            found.discard(pack.name)
            continue
        for file in sorted(place.glob("*.toml")):
            try:
                pack = _read_in(place, file)
            except PackError as error:
                _leave_out(error)
                continue
            packs[pack.name] = pack
            found.add(pack.name)
            if len(packs) > MAX_PACKS:
                raise PackError(str(place), "", f"with it there are more than {MAX_PACKS} packs")
    while wrong := {name: why for name, pack in packs.items() if (why := _wrong(pack, packs))}:
        for name, why in wrong.items():
            if name not in found:
                raise why
            _leave_out(why)
            del packs[name]  # and those that inherit from it are wrong in their turn
    return packs


class Sites:
    """The packs of sites: those of named files, and those that folders hold, read at the first page of their site.

    Args:
        places: files and folders; a site that several have is the last one's, and a named file's before a folder's.
        folder: the library's own, which is looked at last.

    Raises:
        PackError: where a named one is not sound, or is for what is no site.
    """

    def __init__(self, places: Iterable[str | Path], folder: Path) -> None:
        paths = [Path(place) for place in places]
        self._folders = [*(path for path in reversed(paths) if path.is_dir()), folder]
        self._files: dict[str, Path] = {}
        self._broken: set[Path] = set()
        self._packs = Recent[Pack](MAX_PACKS)
        for place in self._folders:
            for file in place.glob("*.toml"):
                if not domains_of(file.stem):
                    _leave_out(PackError(str(file), "", "in a folder of sites a pack is called after its site"))
        for path in paths:
            if not path.is_dir():
                pack = self.pack(path)
                for site in pack.sites or (path.stem,):
                    if not (domains := domains_of(site)):
                        raise PackError(pack.file, "", f"{site!r} is no site, such as 'example.it'")
                    self._files[domains[0]] = path

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs of the sites seen so far, and of the named files."""
        return tuple(map(self.pack, dict.fromkeys(self._files.values())))

    def find(self, url: str) -> Path | None:
        """The file of the pack of the site that an address is on: that of its host, or of the nearest domain above it."""
        for domain in domains_of(url):
            if domain not in self._files and (file := self._look_for(domain)):
                self._files[domain] = file
            if domain in self._files:
                return self._files[domain]
        return None

    def pack(self, file: Path) -> Pack:
        """The pack in a file that was found."""
        return self._packs.get(file, lambda: self._read(file))

    def _look_for(self, domain: str) -> Path | None:
        for folder, name in product(self._folders, dict.fromkeys((domain, _readable(domain)))):
            file: Path = folder / f"{name}.toml"
            if not file.is_file() or file in self._broken:
                continue
            try:
                self.pack(file)
            except PackError as error:
                self._broken.add(file)
                _leave_out(error)
                continue
            return file
        return None

    def _read(self, file: Path) -> Pack:
        pack = _read_in(file.parent, file) if file.parent in self._folders else read_pack(file)
        if why := _wrong(pack, {pack.name: pack}):
            raise why
        return pack


def domains_of(url: str) -> list[str]:
    """An address's host without "www.", and the domains above it, in lower case and ASCII; none where it has no such host.

    >>> domains_of("https://www.news.example.it/a"), domains_of("españa.example/x"), domains_of("//../x")
    (['news.example.it', 'example.it'], ['xn--espaa-rta.example'], [])
    """
    host = _ascii(host_of(url))
    if not _HOST.fullmatch(host):
        return []
    parts = host.split(".")
    return [".".join(parts[at:]) for at in range(len(parts) - 1)]


def _ascii(host: str) -> str:
    """A host's name as the network has it; "" where it has no such form."""
    if len(host) > _LONGEST_HOST:
        return ""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _readable(domain: str) -> str:
    """A domain as people write it, for the name of a file."""
    try:
        return domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError:
        return domain


def _read_in(folder: Path, file: Path) -> Pack:
    if not file.resolve().is_relative_to(folder.resolve()):
        raise PackError(str(file), "", "leads out of its folder")
    return read_pack(file)


def _wrong(pack: Pack, own: Mapping[str, Pack]) -> PackError | None:
    try:
        return next(check(pack, Matcher(with_parents(pack.name, own))), None)
    except PackError as error:  # of a pack that it inherits from
        return error


def _leave_out(error: PackError) -> None:
    warnings.warn(f"a pack is left out: {error}", stacklevel=2)
