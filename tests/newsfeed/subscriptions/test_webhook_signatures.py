"""Signatures as others verify them, and the schedule of retries."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from newsfeed.subscriptions.retries import SCHEDULE, at, follow, pause, seconds_after
from newsfeed.subscriptions.webhooks import SecretError, read_secrets, sign

NEW, OLD = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
BODY = '{"title":"غاز"}'.encode()


def test_a_foreign_client_verifies_new_and_old_key() -> None:
    keys = read_secrets(f"# rotated in March\nwhsec_{NEW}\n\n{OLD}\n")
    now = int(datetime.now(UTC).timestamp())
    headers = sign("0f" * 16, now, BODY, keys)
    for secret in (f"whsec_{NEW}", OLD):
        assert Webhook(secret).verify(BODY, headers) == {"title": "غاز"}
    with pytest.raises(WebhookVerificationError):
        Webhook(base64.b64encode(bytes(32)).decode()).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY + b" ", headers)


def test_the_vector_of_the_specification() -> None:
    keys = read_secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', keys)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no secret"),
        ("# only", "no secret"),
        ("secret!", "line 1 is not base64"),
        (f"{NEW}\nc2hvcnQ=", "line 2 holds 5 bytes"),
    ],
)
def test_secrets_that_cannot_be_used(text: str, says: str) -> None:
    with pytest.raises(SecretError, match=says) as caught:
        read_secrets(text)
    assert NEW not in str(caught.value)


def test_a_signature_needs_a_key_and_an_unmistakable_id() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        sign("a", 0, b"", [])
    with pytest.raises(ValueError, match="full stop"):
        sign("a.b", 0, b"", [bytes(32)])


def test_the_schedule_lasts_a_day_begins_soon_and_repeats() -> None:
    pauses = [pause("a" * 32, "webhook", attempt) for attempt in range(1, len(SCHEDULE) + 2)]
    assert pauses[-1] is None
    known = [wait for wait in pauses if wait is not None]
    assert pauses == [pause("a" * 32, "webhook", attempt) for attempt in range(1, len(SCHEDULE) + 2)]
    assert known[0] <= 5
    assert 0.8 * sum(SCHEDULE) <= sum(known) <= sum(SCHEDULE)
    assert 0.7 * 86_400 <= sum(known) <= 86_400
    assert len({pause(f"{n:032x}", "webhook", 1) for n in range(50)}) == 50


@pytest.mark.parametrize(
    ("status", "attempt", "after", "outcome"),
    [(200, 1, None, "delivered"), (204, 9, None, "delivered"), (410, 1, None, "disabled"), (500, 1, None, "retry"), (302, 1, None, "retry"), (None, 1, None, "retry"),
     (404, 99, None, "failed"), (503, len(SCHEDULE) + 1, "1", "failed")],
)  # fmt: skip
def test_what_an_answer_means(status: int | None, attempt: int, after: str | None, outcome: str) -> None:
    assert follow("a", "b", attempt, status, retry_after=after).outcome == outcome


def test_what_is_refused_on_this_side_fails_at_once() -> None:
    found = follow("a", "b", 1, None, refused=True)
    assert (found.outcome, found.pause) == ("failed", None)


def test_retry_after_is_obeyed() -> None:
    assert follow("a", "b", 1, 429, retry_after="120").pause == 120
    assert follow("a", "b", 1, 503, retry_after="Thu, 01 Jan 1970 00:01:40 GMT", time_ms=10_000).pause == 90
    assert (follow("a", "b", 1, 500, retry_after="120").pause or 0) < 5
    assert (follow("a", "b", 1, 429, retry_after="0").pause or 0) > 3
    for odd in ("", "soon", "-5", "9" * 500, "١٢", "Thu, 99 Foo 1970", "\x00", "Thu, 01 Jan 9999 00:00:00 GMT"):
        assert 0 <= seconds_after(odd, 0) <= 86_400


def test_times_are_written_in_utc() -> None:
    assert at(1_000, 2.5) == "1970-01-01T00:00:03.500Z"
