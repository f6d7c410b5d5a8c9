"""One worker process of one queue: `python -m bench.peer_worker pgqueuer URL`."""

import sys

from bench.peer_queues import QUEUES

if __name__ == "__main__":
    QUEUES[sys.argv[1]].work(sys.argv[2])
    print("done", flush=True)
