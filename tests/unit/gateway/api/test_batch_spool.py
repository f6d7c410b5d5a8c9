"""Results wait for a client that reads late: in order, in a bounded space, and none is lost."""

import asyncio

from gateway.api.batch_spool import ResultSpool


async def _drain(spool: ResultSpool) -> bytes:
    read = b""
    while piece := await spool.take():
        read += piece
    return read


def test_what_is_put_is_taken_in_order_also_when_it_has_left_the_memory() -> None:
    async def story() -> None:
        spool = ResultSpool(16 * 1024 * 1024)
        pieces = [f"{number:>01000}\n".encode() for number in range(3000)]
        for piece in pieces:
            await spool.put(piece)
        spool.end()
        assert await _drain(spool) == b"".join(pieces)
        spool.close()

    asyncio.run(story())


def test_whoever_writes_waits_while_too_much_is_unread() -> None:
    async def story() -> None:
        spool = ResultSpool(10)
        await spool.put(b"0123456789")
        late = asyncio.create_task(spool.put(b"abc"))
        await asyncio.sleep(0)
        assert not late.done()
        assert await spool.take() == b"0123456789"
        await late
        spool.end()
        assert await _drain(spool) == b"abc"
        spool.close()

    asyncio.run(story())


def test_whoever_reads_waits_for_the_next_result() -> None:
    async def story() -> None:
        spool = ResultSpool(10)
        early = asyncio.create_task(spool.take())
        await asyncio.sleep(0)
        assert not early.done()
        await spool.put(b"x")
        assert await early == b"x"
        spool.close()

    asyncio.run(story())
