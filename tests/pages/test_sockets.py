"""A connection to the server sends small answers at once."""

import socket

from meaux.ui.serving.sockets import OPEN, send_at_once


def is_sent_at_once(connection):
    return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_what_a_socket_accepts_sends_small_packets_though_it_did_not_listen_yet():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        assert not is_sent_at_once(server)
        send_at_once()
        server.listen()
        with socket.create_connection(server.getsockname()), server.accept()[0] as accepted:
            assert is_sent_at_once(accepted)


def test_no_file_stays_open():
    before = len([*OPEN.iterdir()])
    send_at_once()
    assert len([*OPEN.iterdir()]) == before
