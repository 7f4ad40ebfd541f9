"""Places, organisers and districts are kept as lists, and events follow what changes there."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.events.commands.add_district import AddDistrict, add_district
from services.events.commands.add_organiser import AddOrganiser, add_organiser
from services.events.commands.add_place import AddPlace, add_place
from services.events.commands.change_organiser import ChangeOrganiser, change_organiser
from services.events.commands.change_place import ChangePlace, change_place
from services.events.commands.delete_district import DeleteDistrict, delete_district
from services.events.commands.delete_organiser import DeleteOrganiser, delete_organiser
from services.events.commands.delete_place import DeletePlace, delete_place
from services.events.commands.merge_organisers import MergeOrganisers, merge_organisers
from services.events.commands.merge_places import MergePlaces, merge_places
from services.events.commands.rename_district import RenameDistrict, rename_district
from services.events.commands.rewrite_events import rewrite_events
from services.events.model import CalendarEvent
from services.events.place import (
    DistrictInUse,
    DistrictUnknown,
    EntryInUse,
    EntryStale,
    MergedWithItself,
    NameTaken,
    OrganiserContent,
    OrganiserUnknown,
    PlaceContent,
    PlaceUnknown,
)
from services.events.store.districts import districts_in_use
from services.events.store.events import find_event
from services.events.store.known_organisers import events_by
from services.events.store.known_places import events_at
from services.events.store.places import find_place
from shared.database import Connection
from shared.errors import Malformed
from tests.events.builders import EDITOR
from tests.events.calendars import SITE, fed
from tests.events.commands.test_editing import LATER, NOW, facts, feed_text, published

HALL = PlaceContent(
    name="Stadthalle", address="Ring 5", latitude=51.05, longitude=13.74, is_step_free=True
)


async def hall(transaction: Connection, **changes: Any) -> UUID:
    command = AddPlace(msgspec.structs.replace(HALL, **changes))
    return await add_place(transaction, command, NOW)


async def choir(transaction: Connection, name: str = "Stadtchor") -> UUID:
    return await add_organiser(transaction, AddOrganiser(OrganiserContent(name=name)), NOW)


async def change(transaction: Connection, place_id: UUID, **changes: Any) -> int:
    before = await find_place(transaction, place_id)
    assert before is not None
    content = msgspec.structs.replace(HALL, **changes)
    command = ChangePlace(place_id, before.version, content, EDITOR)
    return await change_place(transaction, command, LATER)


async def again(transaction: Connection, event: CalendarEvent) -> CalendarEvent:
    found = await find_event(transaction, event.calendar_event_id)
    assert found is not None
    return found


async def test_a_renamed_place_rewrites_its_events(transaction: Connection) -> None:
    place_id = await hall(transaction)
    event = await published(transaction, place_id=place_id)
    other = await published(transaction)

    count = await change(transaction, place_id, name="Große Halle", address="Ring 7")
    followed = await rewrite_events(transaction, 10, SITE, LATER)

    after = await again(transaction, event)
    text = await feed_text(transaction)
    assert (count, followed) == (1, 1)
    assert (after.place_name, after.place_address) == ("Große Halle", "Ring 7")
    assert (after.version, after.sequence) == (event.version + 1, event.sequence + 1)
    assert "LOCATION:Große Halle\\, Ring 7" in text
    assert "Stadthalle" not in text
    assert (await facts(transaction))[-1][0] == "event_changed"
    assert await again(transaction, other) == other


async def test_history_says_who_renamed_the_place(transaction: Connection) -> None:
    place_id = await hall(transaction)
    event = await published(transaction, place_id=place_id)

    await change(transaction, place_id, name="Große Halle")
    await rewrite_events(transaction, 10, SITE, LATER)

    made = await transaction.fetchrow(
        "select deed, made_by from event_revision where calendar_event_id = $1"
        " order by version desc limit 1",
        event.calendar_event_id,
    )
    assert made is not None
    assert tuple(made) == ("change_place", EDITOR)


@pytest.mark.parametrize(
    ("known", "feeds"),
    [
        ({"is_step_free": False}, []),
        ({"has_hearing_loop": True}, ["hoeranlage", "stufenlos"]),
        ({"wheelchair_places": 2}, ["rollstuhlplaetze", "stufenlos"]),
        ({"wheelchair_places": 0, "has_hearing_loop": False, "is_step_free": None}, []),
    ],
)
async def test_access_alone_changes_what_feeds_choose_by_but_no_sequence(
    transaction: Connection, known: dict[str, Any], feeds: list[str]
) -> None:
    slug = await add_district(transaction, AddDistrict("Äußere Neustadt"))
    place_id = await hall(transaction)
    event = await published(transaction, place_id=place_id, categories=[])

    await change(transaction, place_id, district=slug, **known)
    await rewrite_events(transaction, 10, SITE, LATER)

    stands_in = await transaction.fetchval(
        "select standing_feeds_of(event_ical) from event_ical where calendar_event_id = $1",
        event.calendar_event_id,
    )
    assert set(stands_in) == {f"ort-{place_id}", "stadtteil-aeussere-neustadt", *feeds}
    assert await again(transaction, event) == event


async def test_many_events_follow_in_batches(transaction: Connection) -> None:
    place_id = await hall(transaction)
    for _ in range(5):
        await published(transaction, place_id=place_id)

    count = await change(transaction, place_id, name="Große Halle")
    batches = [await rewrite_events(transaction, 2, SITE, LATER) for _ in range(4)]

    named = await transaction.fetchval(
        "select count(*) from calendar_event where place_name = 'Große Halle'"
    )
    assert (count, batches, named) == (5, [2, 2, 1, 0], 5)


async def test_what_is_the_same_lets_nobody_follow(transaction: Connection) -> None:
    place_id = await hall(transaction)
    await published(transaction, place_id=place_id)

    count = await change(transaction, place_id)

    assert count == 0
    assert await rewrite_events(transaction, 10, SITE, LATER) == 0


async def test_who_has_seen_an_older_version_is_stopped(transaction: Connection) -> None:
    place_id, organiser_id = await hall(transaction), await choir(transaction)
    await change(transaction, place_id, name="Große Halle")

    with pytest.raises(EntryStale):
        await change_place(transaction, ChangePlace(place_id, 1, HALL, EDITOR), LATER)
    stale = ChangeOrganiser(organiser_id, 0, OrganiserContent(name="x"), EDITOR)
    with pytest.raises(EntryStale):
        await change_organiser(transaction, stale, LATER)


async def test_a_name_stands_once_in_each_list(transaction: Connection) -> None:
    first, second = await hall(transaction), await hall(transaction, name="Aula")
    organiser_id, _ = await choir(transaction), await choir(transaction, "Musikverein")

    with pytest.raises(NameTaken):
        await hall(transaction, name="stadthalle")
    with pytest.raises(NameTaken):
        await change(transaction, second, name="STADTHALLE")
    with pytest.raises(NameTaken):
        await choir(transaction, "stadtchor")
    taken = ChangeOrganiser(organiser_id, 1, OrganiserContent(name="musikverein"), EDITOR)
    with pytest.raises(NameTaken):
        await change_organiser(transaction, taken, LATER)
    await change(transaction, first, name="STADTHALLE")
    renamed = await find_place(transaction, first)
    assert renamed is not None
    assert renamed.name == "STADTHALLE"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"), ({"longitude": None}, "longitude"),
        ({"latitude": 91.0}, "latitude"), ({"district": "nirgends"}, "district"),
    ],
)  # fmt: skip
async def test_a_place_that_makes_no_sense_is_refused_by_field(
    transaction: Connection, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        await hall(transaction, **changes)

    assert refusal.value.field == field


async def test_only_what_nobody_names_is_deleted(transaction: Connection) -> None:
    place_id, organiser_id = await hall(transaction), await choir(transaction)
    event = await published(transaction, place_id=place_id, organiser_id=organiser_id)

    with pytest.raises(EntryInUse, match="Eine Veranstaltung nennt"):
        await delete_place(transaction, DeletePlace(place_id))
    with pytest.raises(EntryInUse):
        await delete_organiser(transaction, DeleteOrganiser(organiser_id))
    await transaction.execute(
        "delete from calendar_event where calendar_event_id = $1", event.calendar_event_id
    )
    await delete_place(transaction, DeletePlace(place_id))
    await delete_organiser(transaction, DeleteOrganiser(organiser_id))

    assert await find_place(transaction, place_id) is None
    with pytest.raises(PlaceUnknown):
        await delete_place(transaction, DeletePlace(place_id))
    with pytest.raises(OrganiserUnknown):
        await delete_organiser(transaction, DeleteOrganiser(organiser_id))


async def test_merged_places_are_one(transaction: Connection) -> None:
    gone = await hall(transaction)
    stays = await hall(transaction, name="Halle", address="Ring 5 a", has_hearing_loop=True)
    event = await published(transaction, place_id=gone)
    before = await fed(transaction, "hoeranlage")

    count = await merge_places(transaction, MergePlaces(gone, stays, EDITOR))
    await rewrite_events(transaction, 10, SITE, LATER)

    after = await again(transaction, event)
    assert count == 1
    assert (after.place_id, after.place_name, after.place_address) == (stays, "Halle", "Ring 5 a")
    assert len(await fed(transaction, "hoeranlage")) == len(before) + 1
    assert await find_place(transaction, gone) is None
    assert await events_at(transaction, stays) == 1


async def test_merged_organisers_are_one(transaction: Connection) -> None:
    gone, stays = await choir(transaction), await choir(transaction, "Chor der Stadt")
    event = await published(transaction, organiser_id=gone)

    await merge_organisers(transaction, MergeOrganisers(gone, stays, EDITOR))
    await rewrite_events(transaction, 10, SITE, LATER)

    after = await again(transaction, event)
    assert (after.organiser_id, after.organiser) == (stays, "Chor der Stadt")
    assert await events_by(transaction, stays) == 1


async def test_nothing_is_merged_with_itself_or_with_nothing(transaction: Connection) -> None:
    place_id, organiser_id = await hall(transaction), await choir(transaction)

    with pytest.raises(MergedWithItself):
        await merge_places(transaction, MergePlaces(place_id, place_id, EDITOR))
    with pytest.raises(PlaceUnknown):
        await merge_places(transaction, MergePlaces(place_id, uuid4(), EDITOR))
    with pytest.raises(MergedWithItself):
        await merge_organisers(transaction, MergeOrganisers(organiser_id, organiser_id, EDITOR))
    with pytest.raises(OrganiserUnknown):
        await merge_organisers(transaction, MergeOrganisers(uuid4(), organiser_id, EDITOR))


async def test_a_renamed_organiser_rewrites_its_events(transaction: Connection) -> None:
    organiser_id = await choir(transaction)
    event = await published(transaction, organiser_id=organiser_id)
    content = OrganiserContent(name="Chor der Stadt")

    await change_organiser(transaction, ChangeOrganiser(organiser_id, 1, content, EDITOR), LATER)
    await rewrite_events(transaction, 10, SITE, LATER)

    assert (await again(transaction, event)).organiser == "Chor der Stadt"
    assert "CONTACT:Chor der Stadt" in await feed_text(transaction)


async def test_districts_are_kept_renamed_and_deleted_when_empty(transaction: Connection) -> None:
    slug = await add_district(transaction, AddDistrict("Altstadt"))
    used = await add_district(transaction, AddDistrict("Neustadt"))
    await hall(transaction, district=used)

    await rename_district(transaction, RenameDistrict(slug, "Innere Altstadt"))
    renamed = {each.slug: each.title for each in await districts_in_use(transaction)}
    await delete_district(transaction, DeleteDistrict(slug))
    await delete_district(transaction, DeleteDistrict(slug))

    assert renamed == {"altstadt": "Innere Altstadt", "neustadt": "Neustadt"}
    with pytest.raises(DistrictInUse):
        await delete_district(transaction, DeleteDistrict(used))
    assert [each.slug for each in await districts_in_use(transaction)] == ["neustadt"]


async def test_a_district_has_a_name_of_its_own(transaction: Connection) -> None:
    slug = await add_district(transaction, AddDistrict("Altstadt"))
    await add_district(transaction, AddDistrict("Neustadt"))

    for title in ("altstadt", "Altstadt!"):
        with pytest.raises(NameTaken):
            await add_district(transaction, AddDistrict(title))
    with pytest.raises(Malformed):
        await add_district(transaction, AddDistrict("–"))
    with pytest.raises(NameTaken):
        await rename_district(transaction, RenameDistrict(slug, "NEUSTADT"))
    with pytest.raises(Malformed):
        await rename_district(transaction, RenameDistrict(slug, " "))
    with pytest.raises(DistrictUnknown):
        await rename_district(transaction, RenameDistrict("nirgends", "Nirgends"))
