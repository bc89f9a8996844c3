"""Adapters to the engines that people run already, a module each; every one is thin over ``cleaner.arrow.clean_batch``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ADAPTERS = ("datasets", "datatrove", "ray", "spark")


def __getattr__(name: str) -> Any:
    """Loads an adapter at its first use."""
    if name not in _ADAPTERS:
        raise AttributeError(f"module 'cleaner.integrations' has no attribute {name!r}")
    return import_module(f"cleaner.integrations.{name}")
