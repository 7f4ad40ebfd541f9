"""Each list has its feeds, what is composed is cut from them, and revisions follow every change."""

from uuid import UUID, uuid4

import pytest

from services.events.commands.compose_feed import ComposeFeed, compose_feed
from services.events.feeds import store
from services.events.feeds.conditional import etag
from services.events.feeds.shelf import Shelf
from services.events.feeds.standing import Moment, Slugs, Standing, moment_of
from services.events.feeds.variant import PLAIN
from services.events.selection import Selection, canonical, composed_slug
from shared.database import Pool, transaction
from shared.errors import Malformed
from tests.events.builders import NOW
from tests.events.calendars import SITE, cancel, publish, revision_of
from tests.events.cityplaces import district, organiser, place

SLUGS = Slugs({"culture": "kultur", "sport": "sport"}, {"children": "kinder"})


async def composed(pool: Pool, **chosen: object) -> str:
    async with transaction(pool) as opened:
        return await compose_feed(opened, ComposeFeed(Selection(**chosen)))  # type: ignore[arg-type]


async def revision(pool: Pool, slug: str) -> int:
    """Return the revision that a process which has just started knows."""
    shelf = Shelf(pool, SITE)
    await shelf.refresh()
    feed = await shelf.look_up(slug)
    assert feed is not None
    return feed.moment.revision


async def content(pool: Pool, slug: str) -> str:
    shelf = Shelf(pool, SITE)
    await shelf.refresh()
    feed = await shelf.look_up(slug)
    assert feed is not None
    return (await shelf.body(feed)).content.decode().replace("\r\n ", "")


async def test_there_is_a_feed_for_everything_and_for_each_entry_of_a_list(pool: Pool) -> None:
    await district(pool, "neustadt")
    lichthof = await place(pool, "Lichthof", in_district="neustadt")
    chor = await organiser(pool, "Chor am Fluss")

    shelf = Shelf(pool, SITE)
    await shelf.refresh()

    wanted = ["alle", "kultur", "zielgruppe-kinder", "stadtteil-neustadt"]
    wanted += ["stufenlos", "hoeranlage", "rollstuhlplaetze"]
    assert all(shelf.find(slug) for slug in [*wanted, f"ort-{lichthof}", f"veranstalter-{chor}"])
    assert shelf.find(f"ort-{uuid4()}") is None
    assert shelf.find("zielgruppe-katzen") is None


async def test_an_event_stands_in_the_feeds_of_all_its_lists(pool: Pool) -> None:
    await district(pool, "pieschen")
    access = {"is_step_free": True, "has_hearing_loop": True, "wheelchair_places": 1}
    hall = await place(pool, "Zentralwerk", in_district="pieschen", **access)
    choir = await organiser(pool, "Kinderchor")
    event = await publish(pool, place_id=hall, organiser_id=choir, audiences=["children"])

    slugs = ["alle", "kultur", "zielgruppe-kinder", "stadtteil-pieschen", "stufenlos"]
    slugs += ["hoeranlage", "rollstuhlplaetze", f"ort-{hall}", f"veranstalter-{choir}"]
    feeds = [await content(pool, slug) for slug in slugs]

    assert [event.uid in feed for feed in feeds] == [True] * len(slugs)
    assert event.uid not in await content(pool, "sport")


async def test_a_composed_feed_holds_what_fits_all_its_filters(pool: Pool) -> None:
    await district(pool, "loebtau")
    hall = await place(pool, "Alte Fabrik", in_district="loebtau")
    both = await publish(pool, place_id=hall, title="Chorprobe", categories=["culture"])
    elsewhere = await publish(pool, title="Chorprobe")
    other = await publish(pool, place_id=hall, title="Skat", categories=["culture"])
    gone = await cancel(pool, await publish(pool, place_id=hall, title="Chorfest"))

    feed = await content(
        pool, await composed(pool, categories=("culture",), districts=("loebtau",), words=("chor",))
    )

    assert both.uid in feed
    assert gone.uid in feed
    assert elsewhere.uid not in feed
    assert other.uid not in feed
    assert "X-WR-CALNAME:Veranstaltungen: Kultur\\, Theater und Musik · Loebtau · „chor“" in feed


async def test_equal_selections_have_one_address_and_it_stays(pool: Pool) -> None:
    one = await composed(pool, categories=("sport", "culture"), words=("Chor Probe",))
    two = await composed(pool, categories=("culture", "sport", "sport"), words=("probe", "chor"))

    assert one == two == "k-mibdk326txsjfglo"
    assert await pool.fetchval("select count(*) from composed_feed where slug = $1", one) == 1


@pytest.mark.parametrize(
    ("chosen", "slug"),
    [
        (Selection(), "alle"),
        (Selection(categories=("culture",)), "kultur"),
        (Selection(audiences=("children",)), "zielgruppe-kinder"),
        (Selection(is_step_free=True), "stufenlos"),
        (Selection(has_hearing_loop=True), "hoeranlage"),
        (Selection(has_wheelchair_places=True), "rollstuhlplaetze"),
        (Selection(is_step_free=True, has_hearing_loop=True), None),
        (Selection(categories=("culture", "sport")), None),
        (Selection(categories=("culture",), words=("chor",)), None),
        (Selection(hides_cancelled=True), None),
        (Selection(words=("chor",)), None),
    ],
)
def test_what_a_standing_feed_says_already_is_that_feed(
    chosen: Selection, slug: str | None
) -> None:
    assert SLUGS.standing(chosen) == slug
    assert slug is None or SLUGS.selection(slug) == chosen


def test_a_composed_feed_has_the_least_of_its_groups_newest_revisions() -> None:
    """What happens in one group alone does not concern it; a new name does."""

    def stands(slug: str, changed: int, renamed: int = 0) -> Standing:
        return Standing(slug, Moment(changed, NOW), Moment(renamed, NOW))

    known = [stands("alle", 9), stands("kultur", 4), stands("sport", 6), stands("ort-1", 9, 2)]
    standing = {each.slug: each for each in known}

    def revision(*groups: list[str]) -> int:
        return moment_of(groups, standing).revision

    assert revision() == 9
    assert revision(["kultur"]) == 4
    assert revision(["kultur", "sport"]) == 6
    assert revision(["kultur", "sport"], ["ort-1"]) == 6
    assert revision(["kultur"], ["ort-1"]) == 4
    assert revision(["kultur"], ["ort-2"]) == 0
    standing["ort-1"] = stands("ort-1", 9, 8)
    assert revision(["kultur"], ["ort-1"]) == 8


def test_more_than_anybody_could_want_is_refused() -> None:
    with pytest.raises(Malformed):
        canonical(Selection(categories=tuple(f"c{number}" for number in range(21))))
    with pytest.raises(Malformed):
        canonical(Selection(words=tuple("abcdefghi")))


def test_a_new_filter_does_not_change_the_addresses_that_there_are() -> None:
    """Addresses stand in people's calendars: these were given out first."""
    oldest = Selection(districts=("neustadt",), words=("chor",))
    step_free = Selection(categories=("sport",), is_step_free=True, hides_cancelled=True)

    assert composed_slug(oldest) == "k-ikbrh7ttzl2wzyau"
    assert composed_slug(step_free) == "k-qhtmvmqkxm5wvws6"


async def test_whatever_changes_an_events_feeds_gives_old_and_new_ones_a_revision(
    pool: Pool,
) -> None:
    before = await place(pool, "Alt", in_district=await district(pool, "altstadt"))
    after = await place(pool, "Neu", in_district=await district(pool, "johannstadt"))
    event = await publish(pool, place_id=before, categories=["sport"])
    slugs = ["sport", "umwelt", "stadtteil-altstadt", "stadtteil-johannstadt", "kultur"]
    slugs += [f"ort-{before}", f"ort-{after}"]
    slugs.append(await composed(pool, categories=("nature",), districts=("johannstadt",)))
    slugs.append(await composed(pool, categories=("sport",), districts=("altstadt",)))
    slugs.append(await composed(pool, categories=("sport",), districts=("johannstadt",)))
    slugs.append(await composed(pool, words=("sommerkonzert",)))
    first = [await revision(pool, slug) for slug in slugs]

    await pool.execute(
        "update event_ical set district = 'johannstadt', place_id = $2, categories = '{nature}'"
        " where calendar_event_id = $1", event.calendar_event_id, after,
    )  # fmt: skip

    second = [await revision(pool, slug) for slug in slugs]
    number = await revision_of(pool)
    grown = [number > old for number, old in zip(second, first, strict=True)]
    assert grown == [True, True, True, True, False, True, True, True, True, True, True]
    assert {new for new, has in zip(second, grown, strict=True) if has} == {number}


async def test_a_new_name_is_a_new_revision_of_the_feeds_that_tell_it(pool: Pool) -> None:
    """Source: jsenecal/netbox-notices#73, a validator that is blind to a venue's name."""
    hall = await place(pool, "Turnhalle")
    other = await place(pool, "Aula")
    slug = await composed(pool, places=(hall,), categories=("seniors",))
    untouched = await composed(pool, places=(other,), categories=("seniors",))
    before = [await revision(pool, each) for each in (slug, f"ort-{hall}", untouched)]

    await pool.execute("update place set name = 'Große Turnhalle' where place_id = $1", hall)
    after = [await revision(pool, each) for each in (slug, f"ort-{hall}", untouched)]
    await pool.execute("update place set access_note = 'Rampe' where place_id = $1", hall)
    later = [await revision(pool, each) for each in (slug, f"ort-{hall}", untouched)]

    assert [new > old for new, old in zip(after, before, strict=True)] == [True, True, False]
    assert later == after
    assert "Große Turnhalle" in await content(pool, slug)


async def test_a_process_learns_of_a_database_that_was_brought_back(pool: Pool) -> None:
    """Its numbers are smaller again, and must not be taken for old news."""
    shelf = Shelf(pool, SITE)
    await shelf.refresh()
    known = shelf.find("alle")
    assert known is not None
    lost = await shelf.body(known)
    await pool.execute(
        "update feed set revision = revision - 1, changed_at = changed_at - interval '1 minute'"
        " where slug = 'alle'"
    )

    await shelf.refresh()

    feed = shelf.find("alle")
    assert feed is not None
    assert feed.moment.revision == known.moment.revision - 1
    body = await shelf.body(feed)
    assert body.moment == feed.moment
    assert etag("alle", body.moment, PLAIN) != etag("alle", lost.moment, PLAIN)


async def test_a_feed_of_what_is_gone_says_so_and_is_empty(pool: Pool) -> None:
    """An address that was given out is answered for ever, and never with everything."""
    hall = await place(pool, "Abgerissen")
    await pool.execute("delete from place where place_id = $1", hall)
    await publish(pool)

    feed = await content(pool, f"ort-{hall}")

    assert "X-WR-CALNAME:Veranstaltungen: nicht mehr in der Liste" in feed
    assert "VEVENT" not in feed


async def test_what_nobody_sees_is_no_revision(pool: Pool) -> None:
    before = await revision_of(pool)

    event = await publish(pool)
    await pool.execute(
        "update event_ical set visibility = 'unlisted' where calendar_event_id = $1",
        event.calendar_event_id,
    )
    hidden = await revision_of(pool)
    await pool.execute(
        "update event_ical set zone = '' where calendar_event_id = $1", event.calendar_event_id
    )

    assert hidden == before + 2
    assert await revision_of(pool) == hidden


async def test_the_room_for_composed_feeds_is_bounded(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.events.commands import compose_feed as command

    there = await composed(pool, words=("flöte",))
    monkeypatch.setattr(command, "MOST_FEEDS", 0)

    with pytest.raises(command.TooManyFeeds):
        await composed(pool, words=("geige",))
    assert await composed(pool, words=("flöte",)) == there
    async with pool.acquire() as connection:
        assert await store.find_composed(connection, there) == Selection(words=("flöte",))


async def test_the_planner_sees_through_what_lists_and_feeds_choose_by(pool: Pool) -> None:
    """A function that is called for each row would cost more than everything else."""
    rows = await pool.fetch(
        "explain (verbose) select vevent from event_ical where is_selected(event_ical, $1)",
        Selection(categories=("culture",)).row,
    )

    plan = "\n".join(row[0] for row in rows)
    assert "categories &&" in plan
    assert "is_selected" not in plan


@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        (Selection(categories=("culture",)), "event_ical_categories"),
        (Selection(audiences=("children",)), "event_ical_audiences"),
        (Selection(districts=("neustadt",)), "event_ical_district"),
        (Selection(places=(UUID(int=7),)), "event_ical_place"),
        (Selection(organisers=(UUID(int=7),)), "event_ical_organiser"),
        (Selection(is_step_free=True), "event_ical_step_free"),
        (Selection(has_hearing_loop=True), "event_ical_hearing_loop"),
        (Selection(has_wheelchair_places=True), "event_ical_wheelchair_places"),
    ],
)
async def test_what_is_rare_is_found_by_its_index(
    pool: Pool, chosen: Selection, index: str
) -> None:
    """Among 100,000 events reading each of them takes longer than a whole page may."""
    async with transaction(pool) as opened:
        await opened.execute("set local enable_seqscan = off")
        rows = await opened.fetch(
            "explain select vevent from event_ical where is_selected(event_ical, $1)", chosen.row
        )

    assert index in "\n".join(row[0] for row in rows)
