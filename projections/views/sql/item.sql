-- Items. One row an item; names are not qualified, because the schema is the one that is followed or the one being made.

-- name: table
create table item (
    item text collate "C" not null,
    label text,
    status text not null,
    amount numeric,
    unit text,
    place text,
    site text collate "C",
    custodian text collate "C",
    consignments text[] not null,
    approvals text[] not null,
    holds text[] not null
);

-- name: indexes
alter table item add primary key (item);
create index on item (site);
create index on item (custodian);
create index on item using gin (approvals);
create index on item using gin (consignments);
analyze item;

-- name: load
copy item from stdin;

-- name: clear
delete from item where item = any (%(subjects)s);

-- name: write
-- Lists come as texts with U+001F between their words, which no word has: an array of arrays has one length for all.
insert into item
select item, label, status, amount, unit, place, site, custodian,
       string_to_array(consignments, E'\x1f'), string_to_array(approvals, E'\x1f'), string_to_array(holds, E'\x1f')
  from unnest(%(item)s::text[], %(label)s::text[], %(status)s::text[], %(amount)s::numeric[], %(unit)s::text[],
              %(place)s::text[], %(site)s::text[], %(custodian)s::text[], %(consignments)s::text[],
              %(approvals)s::text[], %(holds)s::text[])
       as written (item, label, status, amount, unit, place, site, custodian, consignments, approvals, holds)
    on conflict (item) do update
   set label = excluded.label, status = excluded.status, amount = excluded.amount, unit = excluded.unit,
       place = excluded.place, site = excluded.site, custodian = excluded.custodian,
       consignments = excluded.consignments, approvals = excluded.approvals, holds = excluded.holds;

-- name: all
-- Every row, in the order of the key.
select * from item order by item;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from item where item > %(after)s order by item limit %(limit)s;
