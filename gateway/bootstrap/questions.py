"""The inbox of questions over the stores: the same for the API, the command line and the metrics."""

from collections.abc import Callable

from gateway.bootstrap.operating import Operating
from gateway.bootstrap.reading import journey_reader
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.model.ids import RandomBytes
from gateway.model.natural_keys import Fingerprint
from gateway.operations.acts import ActStores
from gateway.operations.delivery_questions import DeliveryQuestions
from gateway.operations.question_desk import QuestionDesk
from gateway.operations.question_inbox import Inbox
from gateway.operations.questions import Answering, QuestionStores
from gateway.receive.facets import facets_of
from gateway.receive.natural_keys import fingerprint_of
from mappings.canonical import AnyEvent


def build_question_desk(
    stores: Stores, operating: Operating, random_bytes: RandomBytes, on_moved: Callable[[], None]
) -> QuestionDesk[StoreTransaction]:
    """Answers to stored questions are carried out here, all others by the acts there are."""
    act_stores = ActStores(
        stores.database, stores.events, stores.deliveries, stores.queue, stores.feed, stores.acts
    )
    asked = QuestionStores(stores.questions, stores.natural_keys, stores.declarations)
    return QuestionDesk(
        inbox=build_inbox(stores),
        answering=Answering(act_stores, asked, _fingerprint, random_bytes, on_moved),
        acts=operating.acts,
        edits=operating.edits,
    )


def build_inbox(stores: Stores) -> Inbox[StoreTransaction]:
    """Reads only."""
    reader = journey_reader(stores)
    return Inbox(reader, stores.questions, DeliveryQuestions(reader, stores.acts))


def _fingerprint(event: AnyEvent) -> Fingerprint | None:
    facets = facets_of(event)
    return None if facets is None else fingerprint_of(facets)
