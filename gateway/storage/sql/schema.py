"""The whole schema: the tables of the house and those of the queue, in one database."""

from gateway.storage.sql.operating_tables import operator_acts
from retry_queue.tables import metadata as queue

house = operator_acts.metadata  # the same for all tables of the house; these join it last

SCHEMA = (house, queue)
