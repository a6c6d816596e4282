"""A memory that keeps corrections in a list, and can be made to fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from dragoman.errors import MemoryUnavailableError, NotFoundError
from dragoman.memory import Correction, Entry, Memory, Near

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class FakeMemory(Memory):
    """Approved corrections are known; with ``fault`` set, everything is refused with it."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self.fault = ""
        self.n_asked = 0

    def check(self) -> None:
        if self.fault:
            raise MemoryUnavailableError(self.fault)

    def add(self, correction: Correction) -> Entry:
        self.check()
        entry = Entry(id=len(self._entries) + 1, created=NOW, changed=NOW, **vars(correction))
        self._entries.append(entry)
        return entry

    def known(self, src: str, trg: str) -> Callable[[Sequence[str]], Mapping[str, str]]:
        def look_up(texts: Sequence[str]) -> Mapping[str, str]:
            self.n_asked += 1
            self.check()
            held = {e.source: e.target for e in self._entries if (e.src, e.trg, e.state) == (src, trg, "approved")}
            return {text: held[text] for text in texts if text in held}

        return look_up

    def entries(
        self,
        src: str | None = None,
        trg: str | None = None,
        state: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> list[Entry]:
        self.check()
        wanted = [e for e in self._entries if state in (None, e.state) and src in (None, e.src) and e.id > after]
        return wanted[:limit]

    def entry(self, number: int) -> Entry:
        self.check()
        for entry in self._entries:
            if entry.id == number:
                return entry
        raise NotFoundError(f"there is no correction {number}")

    def edit(self, number: int, target: str) -> Entry:
        return self._change(number, target=target)

    def approve(self, number: int) -> Entry:
        return self._change(number, state="approved")

    def withdraw(self, number: int) -> Entry:
        return self._change(number, state="withdrawn")

    def near(self, src: str, trg: str, text: str, n: int = 5, least: float = 0.6) -> list[Near]:
        self.check()
        return [Near(entry, 0.9) for entry in self._entries if entry.source[:3] == text[:3]][:n]

    def close(self) -> None:
        pass

    def _change(self, number: int, **fields: str) -> Entry:
        changed = self.entry(number)._replace(**fields)  # type: ignore[arg-type]
        self._entries[number - 1] = changed
        return changed
