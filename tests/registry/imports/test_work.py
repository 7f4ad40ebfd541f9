"""An import brings in all of a file or nothing, once, however often it is begun."""

import asyncio
from uuid import UUID

import pytest

from services.registry.imports.commands.cancel_import import CancelImport, cancel_import
from services.registry.imports.commands.confirm_import import ConfirmImport, confirm_import
from services.registry.imports.commands.start_import import StartImport, start_import
from services.registry.imports.csv_files import FileRefused
from services.registry.imports.model import (
    MOST_ATTEMPTS,
    AlreadyOver,
    Import,
    LinesRejected,
    NotChecked,
)
from services.registry.imports.running import MOST_FINDINGS, ROWS_AT_ONCE, run_through
from services.registry.imports.store import findings, jobs
from services.registry.imports.work import forget_old_imports, run_next
from services.registry.people.store import records
from shared import audit
from shared.database import Pool
from shared.database import transaction as opening
from tests.registry.lists import CLERK, a_list, figures, import_list, people, person_line


async def start(pool: Pool, content: bytes) -> UUID:
    command = StartImport(kind="people", file_name="liste.csv", content=content, by=CLERK)
    async with opening(pool) as opened:
        return await start_import(opened, command)


async def confirm(pool: Pool, import_id: UUID, *, only_valid: bool = False) -> None:
    async with opening(pool) as opened:
        await confirm_import(
            opened, ConfirmImport(import_id=import_id, only_valid=only_valid, by=CLERK)
        )


async def cancel(pool: Pool, import_id: UUID) -> None:
    async with opening(pool) as opened:
        await cancel_import(opened, CancelImport(import_id=import_id, by=CLERK))


async def found(pool: Pool, import_id: UUID) -> Import:
    async with pool.acquire() as connection:
        return await jobs.get(connection, import_id)


async def count(pool: Pool, prefix: str) -> int:
    number: int = await pool.fetchval(
        "select count(*) from person where source_number like $1", f"{prefix}-%"
    )
    return number


async def test_a_file_is_checked_first_and_taken_over_when_somebody_says_so(pool: Pool) -> None:
    import_id = await start(pool, people(1, 2, 3, prefix="A"))
    await run_next(pool)
    checked = await found(pool, import_id)
    nobody_yet = await count(pool, "A")
    await confirm(pool, import_id)
    await run_next(pool)
    imported = await found(pool, import_id)

    assert (checked.state, figures(checked), nobody_yet) == ("checked", (3, 0, 0, 0), 0)
    assert (imported.state, figures(imported)) == ("imported", (3, 0, 0, 0))
    assert await count(pool, "A") == 3
    assert imported.percent == 100


async def test_the_same_file_twice_changes_nothing(pool: Pool) -> None:
    content = people(*range(10), prefix="B")
    first = await import_list(pool, "people", content)
    facts = await pool.fetchval("select count(*) from outbox")
    second = await import_list(pool, "people", content)

    assert figures(first) == (10, 0, 0, 0)
    assert figures(second) == (0, 0, 10, 0)
    assert await pool.fetchval("select count(*) from outbox") == facts


async def test_a_dry_run_tells_what_the_import_then_does(pool: Pool) -> None:
    await import_list(pool, "people", people(1, 2, 3, prefix="C"))
    content = a_list(
        "people",
        person_line(1, "C"),
        person_line(2, "C", Ort="Radebeul"),
        person_line(4, "C"),
        person_line(5, "C", PLZ="1067"),
    )
    checked = await import_list(pool, "people", content, is_dry_run=True)
    imported = await import_list(pool, "people", content, only_valid=True)

    assert figures(checked) == (1, 1, 1, 1)
    assert figures(imported) == figures(checked)
    async with pool.acquire() as connection:
        told = await findings.listed(connection, checked.import_id, None, 10)
        assert told == await findings.listed(connection, imported.import_id, None, 10)
        assert [(each.line, each.column, each.severity) for each in told] == [
            (3, "Ort", "changed"),
            (5, "PLZ", "rejected"),
        ]


async def test_one_wrong_line_is_enough_for_nothing_to_be_taken(pool: Pool) -> None:
    content = a_list("people", person_line(1, "D"), person_line(2, "D", Nachname=""))
    refused = await import_list(pool, "people", content)

    assert refused.state == "refused"
    assert refused.problem.startswith("Eine Zeile ist fehlerhaft.")
    assert await count(pool, "D") == 0


async def test_wrong_lines_are_left_out_when_that_was_chosen(pool: Pool) -> None:
    content = a_list("people", person_line(1, "E"), person_line(2, "E", Nachname=""))
    import_id = await start(pool, content)
    await run_next(pool)
    with pytest.raises(LinesRejected):
        await confirm(pool, import_id)
    await confirm(pool, import_id, only_valid=True)
    await run_next(pool)

    assert (await found(pool, import_id)).state == "imported"
    assert await count(pool, "E") == 1


async def test_what_fails_in_the_last_lines_takes_the_first_ones_back(pool: Pool) -> None:
    lines = [person_line(number, "F") for number in range(ROWS_AT_ONCE + 1)]
    lines[-1] = person_line(0, "F")
    facts = await pool.fetchval("select count(*) from outbox")
    refused = await import_list(pool, "people", a_list("people", *lines))

    assert refused.lines_done > ROWS_AT_ONCE
    assert await count(pool, "F") == 0
    assert await pool.fetchval("select count(*) from outbox") == facts


async def test_a_file_that_cannot_be_read_is_refused_with_its_reason(pool: Pool) -> None:
    refused = await import_list(pool, "people", b"Vorname;Ort\nErika;Dresden\n")

    assert refused.state == "refused"
    assert refused.problem.startswith("Diese Spalten fehlen: Personennummer, Nachname.")


async def test_a_file_without_any_line_is_refused(pool: Pool) -> None:
    refused = await import_list(pool, "people", a_list("people"))

    assert (refused.state, refused.problem[:26]) == ("refused", "Unter der Kopfzeile steht ")


async def test_what_is_no_csv_file_is_refused_at_the_door(pool: Pool) -> None:
    with pytest.raises(FileRefused):
        await start(pool, b"PK\x03\x04")


async def test_an_import_that_a_dead_worker_left_is_begun_again(pool: Pool) -> None:
    import_id = await start(pool, people(1, 2, prefix="G"))
    await run_next(pool)
    await confirm(pool, import_id)
    async with opening(pool) as opened:
        await jobs.start(opened, import_id)
    await run_next(pool)

    assert (await found(pool, import_id)).state == "imported"
    assert await count(pool, "G") == 2


async def test_an_import_that_fails_again_and_again_is_given_up(pool: Pool) -> None:
    import_id = await start(pool, people(1, prefix="H"))
    for _ in range(MOST_ATTEMPTS):
        async with opening(pool) as opened:
            await jobs.start(opened, import_id)
    await run_next(pool)
    given_up = await found(pool, import_id)

    assert given_up.state == "failed"
    assert "technischen Fehler" in given_up.problem


async def test_an_import_that_is_cancelled_while_it_runs_leaves_nothing(pool: Pool) -> None:
    content = people(*range(ROWS_AT_ONCE * 3), prefix="I")
    import_id = await start(pool, content)
    await run_next(pool)
    await confirm(pool, import_id)
    seen: list[int] = []
    waiting: list[asyncio.Task[None]] = []

    def cancel_half_way(job: Import) -> None:
        seen.append(job.lines_done)
        if job.new_rows == ROWS_AT_ONCE:
            waiting.append(asyncio.create_task(cancel(pool, import_id)))

    async with opening(pool) as guard:
        assert await jobs.lock_all(guard)
        async with opening(pool) as opened:
            job = await jobs.start(opened, import_id)
        await run_through(pool, guard, job, cancel_half_way)
    await asyncio.gather(*waiting)

    assert (await found(pool, import_id)).state == "cancelled"
    assert max(seen) < ROWS_AT_ONCE * 3
    assert await count(pool, "I") == 0
    assert (
        await pool.fetchval("select content from import_job where import_id = $1", import_id)
        is None
    )


async def test_an_import_that_waits_can_be_cancelled_and_then_not_confirmed(pool: Pool) -> None:
    import_id = await start(pool, people(1, prefix="J"))
    await cancel(pool, import_id)

    with pytest.raises(NotChecked, match="abgebrochen"):
        await confirm(pool, import_id)
    with pytest.raises(AlreadyOver, match="abgebrochen"):
        await cancel(pool, import_id)


async def test_two_imports_of_the_same_people_at_once_end_as_one_after_the_other(
    pool: Pool,
) -> None:
    numbers = range(ROWS_AT_ONCE * 2)
    forwards, backwards = people(*numbers, prefix="K"), people(*reversed(numbers), prefix="K")
    done = await asyncio.gather(
        import_list(pool, "people", forwards), import_list(pool, "people", backwards)
    )

    assert sorted(figures(job) for job in done) == [(0, 0, 2000, 0), (2000, 0, 0, 0)]
    assert await count(pool, "K") == 2000


async def test_only_one_worker_runs_imports(pool: Pool) -> None:
    import_id = await start(pool, people(1, prefix="L"))
    async with opening(pool) as other:
        assert await jobs.lock_all(other)
        while_locked = await run_next(pool)
    state_then = (await found(pool, import_id)).state
    afterwards = await run_next(pool)

    assert (while_locked, state_then, afterwards) == (0, "waiting", 1)


async def test_an_edit_by_hand_survives_the_next_import(pool: Pool) -> None:
    await import_list(pool, "people", people(1, prefix="M"))
    await pool.execute(
        """
        update person set town = 'Radebeul', edited = '{"town": "Dresden"}', version = 2
        where source_number = 'M-000001'
        """
    )
    same = await import_list(pool, "people", people(1, prefix="M"))
    other = await import_list(pool, "people", people(1, prefix="M", Ort="Meißen"))
    async with pool.acquire() as connection:
        person = (await records.known(connection, ["M-000001"]))["M-000001"]
        (hint,) = await findings.listed(connection, other.import_id, "hint", 10)

    assert figures(same) == figures(other) == (0, 0, 1, 0)
    assert (person.town, person.edited) == ("Radebeul", {"town": "Meißen"})
    assert hint.value == "Meißen"
    assert "es bleibt bei „Radebeul“" in hint.reason


async def test_of_very_many_findings_the_first_are_kept_and_all_are_counted(pool: Pool) -> None:
    wrong = MOST_FINDINGS + 10
    lines = [person_line(number, "N", Nachname="") for number in range(wrong)]
    refused = await import_list(pool, "people", a_list("people", *lines))
    async with pool.acquire() as connection:
        kept = await findings.counted(connection, refused.import_id)

    assert refused.rejected_rows == wrong
    assert kept == findings.Counts(rejected=MOST_FINDINGS, hint=0, changed=0)


async def test_fifteen_thousand_people_are_imported_with_progress_told(pool: Pool) -> None:
    content = people(*range(15_000), prefix="Z")
    import_id = await start(pool, content)
    await run_next(pool)
    await confirm(pool, import_id)
    told: list[int] = []
    async with opening(pool) as guard:
        assert await jobs.lock_all(guard)
        async with opening(pool) as opened:
            job = await jobs.start(opened, import_id)
        await run_through(pool, guard, job, lambda job: told.append(job.percent))

    assert await count(pool, "Z") == 15_000
    assert told == sorted(told)
    assert len(set(told)) >= 15
    assert told[-1] == 100


async def test_findings_and_files_go_when_their_time_is_over(pool: Pool) -> None:
    old = await import_list(pool, "people", people(1, prefix="O", PLZ="1"))
    unconfirmed = await import_list(pool, "people", people(1, prefix="O"), is_dry_run=True)
    fresh = await import_list(pool, "people", people(1, prefix="O", PLZ="1"))
    await pool.execute(
        "update import_job set finished_at = now() - interval '31 days' where import_id = any($1)",
        [old.import_id, unconfirmed.import_id],
    )
    while await forget_old_imports(pool):
        pass
    async with pool.acquire() as connection:
        kept = [await findings.counted(connection, each.import_id) for each in (old, fresh)]

    assert [counts.rejected for counts in kept] == [0, 1]
    assert (await found(pool, unconfirmed.import_id)).state == "cancelled"


async def test_who_imported_what_is_in_the_audit_log_without_names(pool: Pool) -> None:
    done = await import_list(pool, "people", people(1, prefix="Q", Nachname="Markerfrau"))
    entries = await pool.fetch(
        "select actor, action, details from audit_entry where concerns = $1 order by position",
        f"import:{done.import_id}",
    )

    assert [row["action"] for row in entries] == ["start_import", "import_people"]
    assert {row["actor"] for row in entries} == {CLERK.subject}
    assert "Markerfrau" not in str(entries)
    async with pool.acquire() as connection:
        assert await audit.first_broken(connection) is None
