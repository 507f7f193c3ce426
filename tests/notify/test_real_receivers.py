"""Messages go to real servers, and whatever these do, nothing is lost and no address is shown."""

import logging

import pytest
from ports import free_port
from receivers import PASSWORD

from meaux.data.notifying import Notify
from meaux.data.settings import Secret
from meaux.data.state import Delivery, Held
from meaux.notify.messages import message
from meaux.notify.sending import parsed, send

HELD = Held(
    1, "k", "budget over", "Critical", "AI: $5 of $4 <used>.", "Spend less.", "time", True, 0, 0
)
TOLD = message([(Delivery(1, "x", "sending", "opened", 0), HELD)], "https://meaux.example.com")


of_mail = pytest.mark.filterwarnings("ignore")  # the test's mail server has some of its own


def sent(address):
    return send(Secret(address), TOLD)


def test_a_web_server_gets_the_title_and_the_text(web):
    assert sent(web.url()).error == ""
    [text] = web.texts
    assert text == (
        "Critical: budget over\nNew\n\nCritical: AI: $5 of $4 <used>.\nSpend less.\n"
        "Details: https://meaux.example.com/time\n\n"
        "Open the dashboard: https://meaux.example.com"
    )


@of_mail
def test_a_mail_has_the_text_as_html_and_plain(mail):
    assert sent(mail.url()).error == ""
    [message] = mail.messages
    assert message["Subject"] == "Critical: budget over"
    html = message.get_body(("html",)).get_content()
    assert "AI: $5 of $4 &lt;used&gt;." in html
    assert '<a href="https://meaux.example.com/time">Details</a>' in html
    assert "AI: $5 of $4 <used>." in message.get_body(("plain",)).get_content()


WRONG = {
    "error": ("error of the server", True),
    "denied": ("sign-in refused", False),
    "slow": ("timed out", True),
    "half": ("sending failed", True),
    "gone": ("sending failed", True),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_server_that_misbehaves_is_told_in_words_of_our_own(web, how):
    outcome = sent(web.url(how))
    assert (outcome.error, outcome.maybe) == WRONG[how]
    assert bool(web.messages) <= outcome.maybe


def test_a_closed_port_has_certainly_taken_nothing():
    outcome = sent(f"json://127.0.0.1:{free_port()}/")
    assert (outcome.error, outcome.maybe) == ("connection refused", False)


def test_a_certificate_that_nobody_vouches_for_is_refused(web, tmp_path):
    web.secure(tmp_path)
    outcome = sent(web.url().replace("json://", "jsons://"))
    assert (outcome.error, outcome.maybe) == ("invalid certificate", False)
    assert not web.messages


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(web):
    outcome = sent(web.url().replace("json://", "jsons://"))
    assert (outcome.error, outcome.maybe) == ("no secure connection", False)
    assert not web.messages


@of_mail
def test_a_mail_server_that_refuses_the_password_or_the_text(mail):
    wrong = sent(mail.url("wrong"))
    assert (wrong.error, wrong.maybe) == ("sign-in refused", False)
    mail.refuses = True
    assert sent(mail.url()).error == "refused by the mail server"
    assert not mail.messages


def test_an_address_is_in_no_log_whatever_the_level(web, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        for how in ("ok", *WRONG):
            sent(web.url(how))
        assert parsed(Secret(f"nonsense://{PASSWORD}")) is None
    out, err = capfd.readouterr()
    for text in (caplog.text, out, err):
        assert PASSWORD not in text
        assert str(web.port) not in text


def test_a_destination_is_known_without_its_address_being_shown():
    told = repr(Notify("Ops", "ops")) + repr(Secret(f"json://{PASSWORD}"))
    assert PASSWORD not in told
