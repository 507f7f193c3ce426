"""Ports for servers that must be told theirs before they start."""

import os
import socket
from itertools import count

FIRST, PORTS = 11_000, 20_000
"""Below those that the system gives to whoever asks for any: it could give one away meanwhile."""
A_PROCESS = 64
_next = count(os.getpid() * A_PROCESS)


def free_port():
    """A port on which nobody listens, and that no other test is told."""
    while True:
        port = FIRST + next(_next) % PORTS
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
