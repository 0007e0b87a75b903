"""Running the server: build what is missing, take the port, serve until told to stop."""

import socket

import uvicorn

from kg.errors import SettingsError
from kg.settings import Settings
from web.app import create_app
from web.metrics import set_up_logs
from web.progress import library
from web.switching import settle

LONGEST_HEAD = 1 << 20  # bytes of a request's head; 10,000 percent-encoded Han characters are 90,000, and get our 422


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    :raises SettingsError: if it is taken or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or asyncio leaves Nagle on: 40 ms
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        reason = error.strerror or str(error)
        raise SettingsError(f"{host}:{port} cannot be served ({reason}); choose another with --port") from error
    return taken


def serve(settings: Settings) -> None:
    """Serve until interrupted.

    :raises KgError: if the port is taken or the library cannot be built.
    """
    set_up_logs(settings.log)
    taken = listen(settings.host, settings.port)
    with taken, library(settings) as opened:
        opened.warm(settle)
        taken.listen(2048)  # from now on a request waits rather than fail, until the server takes it
        host, port = taken.getsockname()[:2]
        app = create_app(settings, opened, follows=True)
        config = uvicorn.Config(
            app,
            log_config=None,  # ours (web.metrics)
            log_level="warning",
            timeout_graceful_shutdown=5,
            server_header=False,
            h11_max_incomplete_event_size=LONGEST_HEAD,
        )
        print(f"Tantu serves http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl+C ends it)", flush=True)
        uvicorn.Server(config).run(sockets=[taken])
