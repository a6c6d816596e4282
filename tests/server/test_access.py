"""Keys, roles, addresses and rates: who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.errors import RateError
from dragoman.memory.keys import Key, Keys
from dragoman.server.access import REMEMBERED_SECONDS, Access
from dragoman.server.rates import Rates
from tests.server.conftest import Serve
from tests.server.fake_memory import NOW, FakeMemory

GO = {"q": "Go.", "source": "en", "target": "es"}
V1 = {"text": "Go.", "src": "en", "trg": "es"}
CORRECTION = {"src": "en", "trg": "es", "source": "Go.", "target": "Vete."}


class FakeKeys(Keys):
    """The secret of a key is its role."""

    def __init__(self) -> None:
        self.secrets = {"translate", "correct", "admin"}
        self.n_asked = 0

    def check(self, secret: str) -> Key | None:
        self.n_asked += 1
        return Key(1, f"the {secret} key", secret, NOW, None) if secret in self.secrets else None


def with_keys(**choices: Any) -> Access:
    return Access(FakeKeys(), is_local=False, **choices)


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {**GO, "api_key": "translate"}},
        {"data": {**GO, "api_key": "translate"}},
        {"data": GO, "params": {"api_key": "translate"}},
        {"json": GO, "headers": {"Authorization": "Bearer translate"}},
        {"json": GO, "headers": {"X-API-Key": "translate"}},
    ],
)
def test_a_key_may_come_as_clients_send_it(serve: Serve, request_: dict[str, Any]) -> None:
    response = serve(access=with_keys()).post("/translate", **request_)
    assert (response.status_code, response.json()) == (200, {"translatedText": "GO."})


def test_without_a_key_or_with_a_wrong_one(serve: Serve) -> None:
    client = serve(access=with_keys())
    words = "Please contact the server operator to get an API key"
    missing = client.post("/translate", data=GO)
    assert (missing.status_code, missing.json()) == (400, {"error": words})
    wrong = client.post("/detect", data={"q": "a", "api_key": "x"})
    assert (wrong.status_code, wrong.json()) == (403, {"error": "Invalid API key"})
    assert client.post("/v1/translate", json=V1).status_code == 401
    assert client.post("/v1/translate", json=V1, headers={b"X-API-Key": "é".encode()}).status_code == 403
    assert client.get("/languages").status_code == 200
    assert client.get("/frontend/settings").json()["keyRequired"] is True


@pytest.mark.parametrize(
    ("role", "state", "listed", "measured"),
    [("translate", "pending", 403, 403), ("correct", "approved", 200, 403), ("admin", "approved", 200, 200)],
)
def test_what_each_role_may_do(serve: Serve, role: str, state: str, listed: int, measured: int) -> None:
    client = serve(FakeMemory(), with_keys())
    head = {"Authorization": f"Bearer {role}"}
    added = client.post("/v1/corrections", json=CORRECTION, headers=head).json()
    assert (added["state"], added["author"]) == (state, f"the {role} key")
    assert client.get("/v1/corrections", headers=head).status_code == listed
    assert client.get("/metrics", headers=head).status_code == measured


def test_a_key_is_asked_for_once_in_a_while_and_a_revoked_one_ends(serve: Serve) -> None:
    keys, clock = FakeKeys(), [0.0]
    client = serve(access=Access(keys, is_local=False, clock=lambda: clock[0]))
    head = {"Authorization": "Bearer translate"}
    for _ in range(5):
        assert client.post("/translate", data=GO, headers=head).status_code == 200
    assert keys.n_asked == 1
    keys.secrets.clear()
    clock[0] += REMEMBERED_SECONDS + 1
    assert client.post("/translate", data=GO, headers=head).status_code == 403


def test_without_keys_programs_of_this_machine_correct_and_the_own_address_beyond_it_suggests(serve: Serve) -> None:
    here, beyond = serve(FakeMemory()), serve(FakeMemory(), Access(None, is_local=False), host="192.168.1.5")
    assert here.post("/v1/corrections", json=CORRECTION).json()["state"] == "approved"
    assert beyond.post("/v1/corrections", json=CORRECTION).json()["state"] == "pending"


def test_the_settings_tell_a_page_what_its_reader_may_do(serve: Serve) -> None:
    client = serve(FakeMemory(), Access(None, is_local=True, origins=["https://named.example"]))

    def told(**head: str) -> tuple[bool, bool]:
        settings = client.get("/frontend/settings", headers=head).json()
        return settings["suggestions"], settings["mayRead"]

    assert told() == (True, True)
    assert told(Origin="https://named.example") == (True, False)
    assert told(Origin="https://other.example") == (False, False)
    assert serve(access=with_keys()).get("/frontend/settings").json()["mayRead"] is True, "the key will tell"


def test_a_key_that_asks_too_often_is_told_when_to_come_again(serve: Serve) -> None:
    client = serve(access=with_keys(key_rates=Rates(60, lambda: 0.0)))
    head = {"Authorization": "Bearer translate"}
    statuses = [client.post("/translate", json=GO, headers=head).status_code for _ in range(32)]
    assert statuses == [200] * 30 + [429] * 2
    refused = client.post("/translate", json=GO, headers=head)
    assert int(refused.headers["retry-after"]) >= 1
    assert client.post("/translate", json=GO, headers={"Authorization": "Bearer admin"}).status_code == 200


def test_a_list_costs_as_much_as_its_texts(serve: Serve) -> None:
    client = serve(access=Access(None, is_local=True, address_rates=Rates(60, lambda: 0.0)))
    assert client.post("/translate", json={**GO, "q": ["Go."] * 25}).status_code == 200
    assert client.post("/v1/translate", json={**V1, "text": ["Go."] * 25}).status_code == 429


def test_keys_cannot_be_guessed_quickly(serve: Serve) -> None:
    client = serve(access=with_keys(address_rates=Rates(20, lambda: 0.0)))
    statuses = [client.post("/translate", data={**GO, "api_key": f"{i}"}).status_code for i in range(12)]
    assert statuses == [403] * 10 + [429] * 2


def test_a_share_comes_back_with_time() -> None:
    clock = [0.0]
    rates = Rates(60, lambda: clock[0])
    rates.take("a", 30)
    with pytest.raises(RateError) as caught:
        rates.take("a")
    rates.take("b")
    clock[0] += caught.value.retry_after
    rates.take("a")
    with pytest.raises(RateError):
        rates.take("a")
    clock[0] += 1000
    rates.take("a", 500)  # more than fits at once, after a rest: it is paid for afterwards
    with pytest.raises(RateError) as caught:
        rates.take("a")
    assert caught.value.retry_after > 400
