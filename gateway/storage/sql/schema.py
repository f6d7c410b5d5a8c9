"""The whole schema: the tables of the house and those of the queue, in one database."""

from gateway.storage.sql import (
    corrections_tables,
    declaration_tables,
    foresight_tables,
    nonce_tables,
    operating_tables,
    question_tables,
    replay_tables,
    webhook_tables,
)
from gateway.storage.sql.tables import metadata as house
from retry_queue.tables import metadata as queue

JOINING = (
    corrections_tables,
    declaration_tables,
    foresight_tables,
    nonce_tables,
    operating_tables,
    question_tables,
    replay_tables,
    webhook_tables,
)
"""Modules that add tables to those of the house; named here so that none is forgotten."""
SCHEMA = (house, queue)
