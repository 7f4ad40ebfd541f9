"""Provisioning brings servers to their wished state, however often it is run."""

from pathlib import Path

from deploy.nats import accounts, streams
from tests.deploy.servers import Bus


def test_a_second_run_changes_no_key_and_no_token(tmp_path: Path) -> None:
    accounts.ensure(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}

    accounts.ensure(tmp_path)

    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
    assert all(file.stat().st_mode & 0o077 == 0 for file in before)


async def test_the_stream_of_facts_is_made_once_and_then_kept(bus: Bus) -> None:
    connection = await bus.connect("provisioner")
    await streams.provision(connection)
    await streams.provision(connection, {"notifier": ["facts.registry.>", "facts.events.>"]})

    stream = await connection.jetstream().stream_info(streams.FACTS)
    durable = await connection.jetstream().consumer_info(streams.FACTS, "notifier")

    assert stream.config.duplicate_window == 600
    assert stream.config.max_age == 30 * 24 * 60 * 60
    assert stream.config.allow_atomic
    assert stream.state.consumer_count == 4
    assert durable.config.filter_subjects == ["facts.events.>", "facts.registry.>"]
    assert durable.config.max_deliver == -1
    await streams.provision(connection)
    await connection.close()
