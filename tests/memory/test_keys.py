from __future__ import annotations

import pytest
from sqlalchemy import text

from dragoman.errors import NotFoundError, UsageError
from dragoman.memory import Keys, Memory


def test_a_key_is_good_until_it_is_revoked(memory: Memory, place: str) -> None:
    secret = Keys(memory).add("ana", "correct")
    with Memory(place) as other:
        key = Keys(other).check(secret)
        assert key is not None
        assert (key.name, key.role, key.revoked) == ("ana", "correct", None)
        assert [key.may(role) for role in ("translate", "correct", "admin")] == [True, True, False]
        Keys(memory).revoke("ana")
        assert Keys(other).check(secret) is None
    assert Keys(memory).add("ana", "translate") != secret
    old, new = Keys(memory).list()
    assert (old.name, old.revoked is not None, new.name, new.revoked) == ("ana", True, "ana", None)
    assert not old.may("translate")


@pytest.mark.parametrize("secret", ["", "dragoman_", "x" * 10_000, "\ud800", "' OR 1=1 --"])
def test_other_secrets_are_good_for_nothing(memory: Memory, secret: str) -> None:
    Keys(memory).add("ana", "admin")
    assert Keys(memory).check(secret) is None


def test_the_secret_is_not_at_rest(memory: Memory) -> None:
    secret = Keys(memory).add("ana", "admin")
    with memory.database.reading() as connection:
        rest = repr(connection.execute(text("SELECT * FROM api_key")).all())
    assert secret not in rest
    assert secret.removeprefix("dragoman_") not in rest


def test_what_is_no_key_is_refused(memory: Memory) -> None:
    keys = Keys(memory)
    keys.add("ana", "admin")
    with pytest.raises(UsageError, match="already"):
        keys.add("ana", "translate")
    with pytest.raises(UsageError, match="'owner'"):
        keys.add("ben", "owner")
    for name in ("", "two\nlines", "x" * 101):
        with pytest.raises(UsageError, match="name of a key"):
            keys.add(name, "admin")
    with pytest.raises(NotFoundError, match="'ben'"):
        keys.revoke("ben")
    assert [key.name for key in keys.list()] == ["ana"]
