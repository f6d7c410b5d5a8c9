"""A server in a process of its own that tells the measuring process where it is."""

import json

import uvicorn


class Announcing(uvicorn.Server):
    """Prints its address and a bearer token as one line of JSON when it accepts calls."""

    def __init__(self, config: uvicorn.Config, token: str) -> None:
        super().__init__(config)
        self._token = token

    async def startup(self, sockets: None = None) -> None:  # type: ignore[override] # nobody hands in sockets
        """As the server does it, and then say where."""
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(json.dumps([f"http://{host}:{port}", self._token]), flush=True)
