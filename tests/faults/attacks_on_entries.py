"""What an administrator can do to entries, to what stands beside them, and to the head. See ``attacks``."""

from __future__ import annotations

from typing import Final

from tests.faults.attack import Attack

_FLIP = "set_byte(entry, 399, get_byte(entry, 399) # 1)"
_LIE = """replace(convert_from(entry, 'UTF8'), '"names":', '"names":1')::bytea"""
_LEAF = r"sha256('\x00'::bytea || entry)"
_CUT = """
    delete from vialog.event where position > {0}; delete from vialog.event_tag where position > {0};
    update vialog.head set position = {0}, recorded = (select recorded from vialog.event where position = {0})
"""

ENTRIES: Final = (
    Attack("an entry changed", f"update vialog.event set entry = {_FLIP} where position = 7", "SLFM"),
    Attack(
        "an entry changed, and its leaf with it",
        f"update vialog.event set entry = {_FLIP} where position = 7;"
        f"update vialog.event set leaf = {_LEAF} where position = 7",
        "SLFM",
    ),
    Attack("a leaf changed", "update vialog.event set leaf = sha256('') where position = 7", "LF"),
    Attack(
        "an entry deleted, with its rows of tags",
        "delete from vialog.event where position = 7; delete from vialog.event_tag where position = 7",
        "PSLFDM",
    ),
    Attack(
        "an entry deleted, and the gap closed",
        "delete from vialog.event where position = 7; delete from vialog.event_tag where position = 7;"
        "update vialog.event set position = position - 1 where position > 7;"
        "update vialog.event_tag set position = position - 1 where position > 7;"
        "update vialog.head set position = 12",
        "RPSLFDM",
    ),
    Attack(
        "two entries in each other's place",
        "update vialog.event set position = 700 where position = 7; update vialog.event set position = 7"
        " where position = 8; update vialog.event set position = 8 where position = 700",
        "SLFM",
    ),
    Attack(
        "the state entry of the newest checkpoint changed, with its leaf",
        f"update vialog.event set entry = {_LIE} where position = 11;"
        f"update vialog.event set leaf = {_LEAF} where position = 11",
        "RPSLFM",
    ),
    Attack(
        "an older state entry changed, with its leaf",
        f"update vialog.event set entry = {_LIE} where position = 5;"
        f"update vialog.event set leaf = {_LEAF} where position = 5",
        "SLF",
    ),
)

COLUMNS: Final = (
    Attack("the kind of an entry", "update vialog.event set kind = 'item.used/1' where position = 7", "LF"),
    Attack(
        "the kind of an entry and of its rows of tags",
        "update vialog.event set kind = 'item.used/1'"
        " where position = 10; update vialog.event_tag set kind = 'item.used/1' where position = 10",
        "RLF",
    ),
    Attack(
        "the statement's id of an entry",
        "update vialog.event set statement = gen_random_uuid() where position = 7",
        "LF",
    ),
    Attack("the id of a state entry", "update vialog.event set statement = gen_random_uuid() where position = 5", "LF"),
    Attack(
        "the time of an entry",
        "update vialog.event set recorded = recorded + interval '1 microsecond' where position = 7",
        "LF",
    ),
)

TAGS: Final = (
    Attack("a row of tags deleted", "delete from vialog.event_tag where position = 6 and tag = 'party:lab'", "RF"),
    Attack("the rows of a revocation deleted", "delete from vialog.event_tag where position = 10", "RF"),
    Attack(
        "a row of tags of another kind", "update vialog.event_tag set kind = 'item.used/1' where position = 10", "RF"
    ),
    Attack("a row of tags at another position", "update vialog.event_tag set position = 8 where position = 6", "RF"),
    Attack("a row of tags added", "insert into vialog.event_tag values ('party:lab', 'party.registered/1', 8)", "RF"),
    Attack(
        "a row of tags of no entry", "insert into vialog.event_tag values ('party:lab', 'party.registered/1', 14)", "PF"
    ),
    Attack(
        "all rows of a subject deleted", "delete from vialog.event_tag where tag = 'party:p1' and position < 12", "PF"
    ),
    Attack(
        "all rows of a key deleted",
        "delete from vialog.event_tag where tag like 'key:%' and position < 12"
        " and tag in (select tag from vialog.event_tag where position = 4)",
        "RF",
    ),
    Attack("a kind struck from the table of kinds", "delete from vialog.kind where kind = 'key.revoked/1'", "F"),
    Attack("a kind made up in the table of kinds", "insert into vialog.kind values ('item.lent/1')", "RF"),
)

HEAD: Final = (
    Attack(
        "the head moved back",
        "update vialog.head set position = 12, recorded = (select recorded from vialog.event where position = 12)",
        "RPLFD",
    ),
    Attack("the head moved forward", "update vialog.head set position = 23", "RPLFD"),
    Attack("the head's time moved forward", "update vialog.head set recorded = '2099-01-01'", "RPFD"),
    Attack("the head's time moved back", "update vialog.head set recorded = recorded - interval '1 hour'", "PF"),
    Attack("the log's name changed", "update vialog.head set origin = 'other.example/log'", "RPSLFDM"),
    Attack(
        "an entry that nobody handed in, behind the head",
        "insert into vialog.event select 14, gen_random_uuid(),"
        " kind, recorded, entry, leaf from vialog.event where position = 7",
        "RPLFD",
    ),
    Attack(
        "an entry that nobody handed in, with the head",
        "insert into vialog.event select 14, gen_random_uuid(),"
        " kind, recorded, entry, leaf from vialog.event where position = 13; update vialog.head set position = 14,"
        " recorded = (select recorded from vialog.event where position = 14)",
        "RPLF",
    ),
    Attack(
        "an entry a second time, the constraint against it dropped",
        "alter table vialog.event drop constraint event_statement_key; insert into vialog.event select 14, statement,"
        " kind, recorded, entry, leaf from vialog.event where position = 13; update vialog.head set position = 14",
        "RPLFD",
    ),
)

BEYOND: Final = (
    Attack(
        "an entry beyond the newest checkpoint changed",
        f"update vialog.event set entry = {_FLIP} where position = 12",
        "RPLF",
    ),
    Attack(
        "an entry beyond it changed, with its leaf",
        f"update vialog.event set entry = {_FLIP} where position = 12;"
        f"update vialog.event set leaf = {_LEAF} where position = 12",
        "LF",
    ),
    Attack(
        "kind, and rows of tags, of an entry beyond it",
        "update vialog.event set kind = 'item.used/1'"
        " where position = 13; update vialog.event_tag set kind = 'item.used/1' where position = 13",
        "RPLF",
    ),
    Attack(
        "the statement's id of an entry beyond it",
        "update vialog.event set statement = gen_random_uuid() where position = 12",
        "RPLF",
    ),
    Attack(
        "the time of an entry beyond it",
        "update vialog.event set recorded = recorded + interval '1 microsecond' where position = 12",
        "RPLF",
    ),
    Attack(
        "a row of tags beyond it deleted", "delete from vialog.event_tag where position = 13 and tag = 'party:p1'", "PF"
    ),
    Attack(
        "a row of tags beyond it added",
        "insert into vialog.event_tag values ('party:lab', 'party.registered/1', 12)",
        "PF",
    ),
    Attack("the tail beyond it cut off, with rows and head", _CUT.format(12), ""),
)
