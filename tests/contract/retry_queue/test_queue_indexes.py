"""The statements of the hot path walk their partial indexes: a finished or deferred row is never looked at."""



from retry_queue.columns import microseconds
from tests.support.queue_builders import LANE, START, after

JOBS = 3000

VALUES = {
    "in_lane": LANE,
    "worker": "anna",
    "limit": 10,
    "now": microseconds(START),
    "new_lease_until": microseconds(after(60)),
}
