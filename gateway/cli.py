"""The command `hotich-gateway`."""

import gc

# What the modules make stays: looking for cycles among it while they load is a seventh of the start.
gc.disable()

import typer

from gateway.commands import (
    acts,
    book,
    bundle,
    clients,
    codes,
    conformance,
    database,
    doctor,
    edits,
    foresight,
    import_books,
    mapping,
    notices,
    questions,
    queue,
    receipt,
    replay,
    sandbox,
    serve,
    webhook,
)

gc.freeze()
gc.enable()

app = typer.Typer(
    name="hotich-gateway",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold secrets and people
    help="Cổng hộ tịch: carries civil-status events to the three national systems within twelve hours.",
)
app.command()(serve.serve)
app.command(context_settings=sandbox.PASS_ON)(sandbox.sandbox)
app.command()(sandbox.demo)
app.command()(database.migrate)
app.command()(doctor.doctor)
app.command("import")(import_books.import_file)
app.command()(conformance.conformance)
app.add_typer(clients.app, name="client")
acts.register(queue.app)
foresight.register(queue.app)
edits.register(queue.app)
app.add_typer(queue.app, name="queue")
app.add_typer(questions.app, name="questions")
app.add_typer(bundle.app, name="bundle")
app.add_typer(receipt.app, name="receipt")
app.add_typer(replay.app, name="replay")
app.add_typer(webhook.app, name="webhook")
app.add_typer(mapping.app, name="mapping")
app.add_typer(codes.app, name="codes")
app.add_typer(notices.notices, name="notice")
app.add_typer(notices.oversight, name="oversight")
app.add_typer(book.entry, name="entry")
app.add_typer(book.book, name="book")
