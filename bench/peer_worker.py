"""One worker process of one queue: `python -m bench.peer_worker pgqueuer URL`.

Whichever it is, what is loaded at start is left alone by the collector of rubbish, as in a gateway process.
"""

import sys

from bench.peer_queues import QUEUES
from gateway.bootstrap.memory import settle_memory

if __name__ == "__main__":
    settle_memory()
    QUEUES[sys.argv[1]].work(sys.argv[2])
    print("done", flush=True)
