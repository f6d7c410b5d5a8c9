"""An HTTP server that tells where it listens."""

import socket

import typer
import uvicorn


class AnnouncingServer(uvicorn.Server):
    """Tells the address, and `ready`, when it accepts; the port may have been chosen by the machine."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As the server does it, then two lines on standard output."""
        await super().startup(sockets)
        if self.started:
            for server in self.servers:
                for listener in server.sockets:
                    host, port = listener.getsockname()[:2]
                    typer.echo(f"address http://{f'[{host}]' if ':' in host else host}:{port}")
            typer.echo("ready")
