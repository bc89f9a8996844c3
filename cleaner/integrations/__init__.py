"""Adapters to the engines and tools that people run already, a module each."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """Loads an adapter at its first use."""
    module = f"cleaner.integrations.{name}"
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise AttributeError(f"module 'cleaner.integrations' has no attribute {name!r}") from None
