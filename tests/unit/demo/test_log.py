"""The log stays small."""

from tui_chat.demo.log import Log


def test_old_exchanges_are_dropped_when_there_are_many() -> None:
    log = Log()
    for _ in range(1500):
        log.begin("GET", "/v1/models", {}, None, 0)
    assert [log.exchanges[0].number, log.exchanges[-1].number, log.total] == [501, 1500, 1500]


def test_old_exchanges_are_dropped_when_they_are_large() -> None:
    log = Log()
    for _ in range(10):
        log.expect(log.begin("POST", "/v1/messages", {}, {}, 1_000_000), "x" * 500_000)
    assert [exchange.number for exchange in log.replies] == [9, 10]


def test_the_newest_exchange_is_kept_however_large() -> None:
    log = Log()
    log.begin("POST", "/v1/messages", {}, {}, 10**9)
    assert len(log.exchanges) == 1
