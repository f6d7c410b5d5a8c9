"""The whole schema: the tables of the house and those of the queue, in one database."""

from gateway.storage.sql.tables import metadata as house
from retry_queue.tables import metadata as queue

SCHEMA = (house, queue)
