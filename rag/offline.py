"""Proof that nothing leaves the machine: refuse and record every connection that is not to this machine."""

from __future__ import annotations

import ipaddress
import sys

_LOCAL_NAMES = frozenset({"localhost", "", "0.0.0.0", "::"})
_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}  # of a name: it comes first
_SENDINGS = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getnameinfo": 0}
"""Where each has the address among its arguments."""


class Blocked(ConnectionError):
    """A connection to another machine was attempted."""


class Guard:
    """Watches this process's sockets through Python's audit events; what is native code's own is not seen, nor

    are processes that it starts.

    An audit hook cannot be taken back, so this is for a process that ends soon: `rag doctor --offline`, tests.
    """

    def __init__(self) -> None:
        self.attempts: list[str] = []
        """Every refused host, in order."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in _LOOK_UPS:
            host: object = arguments[0]
        elif event in _SENDINGS:
            address = arguments[_SENDINGS[event]]
            host = address[0] if isinstance(address, tuple) and address else None  # a path is a local socket
        else:
            return
        name = host.decode() if isinstance(host, bytes) else host
        if isinstance(name, str) and not is_local(name):
            self.attempts.append(name)
            raise Blocked(f"a connection to {name!r} was refused: nothing may leave this machine")


def is_local(host: str) -> bool:
    """Tell whether a host name or address is this machine.

    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("example.org")
    (True, True, False)
    """
    if host in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False
