"""The library as a step of other tools, one module each."""
