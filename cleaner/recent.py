"""What was asked for last: a memory of bounded size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by key, made where they are not there; those asked for last are kept. Safe to share between threads; empty where unpickled.

    Args:
        most: how many are kept.

    Examples:
        >>> squares = Recent[int](2)
        >>> [squares.get(number, lambda: print("made") or number**2) for number in (3, 3)]
        made
        [9, 9]
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Any, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any, make: Callable[[], Value]) -> Value:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        value = make()
        with self._lock:
            self._held[key] = value
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return value

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._most,)
