"""Which methods a path knows; the framework names only those of the first route that it finds."""

from collections.abc import Callable
from functools import lru_cache

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

AllowedMethods = Callable[[str], str]
PATHS_REMEMBERED = 256


def allowed_methods(app: FastAPI) -> AllowedMethods:
    """Path -> the value of its `Allow` header (RFC 9110 section 10.2.1)."""

    @lru_cache(maxsize=PATHS_REMEMBERED)
    def allowed(path: str) -> str:
        methods: set[str] = set()
        for context in iter_route_contexts(app.routes):
            if context.path is not None and compile_path(context.path)[0].match(path):
                methods |= set(context.methods or ())
        return ", ".join(sorted(methods))

    return allowed
