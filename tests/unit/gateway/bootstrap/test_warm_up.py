"""The first event of a process finds what it needs."""

from gateway.bootstrap.warm_up import warm_up
from mappings import units
from mappings.canonical import declaration


def test_table_of_units_and_reader_of_stored_events_are_there() -> None:
    made = declaration._reader_again, units._rows_with  # noqa: SLF001 - what would be made by the first event
    answers = units._unit_on  # noqa: SLF001 - another test has perhaps asked for this unit, and it is remembered
    for each in (*made, answers):
        each.cache_clear()
    warm_up()
    assert [each.cache_info().currsize for each in made] == [1, 1]
