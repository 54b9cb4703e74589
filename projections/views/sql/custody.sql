-- Custody: where an item is from an act on. beginning: that it came onto the record by it, which comes before all acts.

-- name: table
create table custody (
    item text collate "C" not null,
    position bigint not null,
    since timestamptz not null,
    beginning boolean not null,
    custodian text collate "C",
    site text collate "C",
    place text,
    status text not null
);

-- name: indexes
alter table custody add primary key (item, position);
analyze custody (item, status);

-- name: load
copy custody from stdin;

-- name: clear
delete from custody where item = any (%(subjects)s);

-- name: write
insert into custody
select *
  from unnest(%(item)s::text[], %(position)s::bigint[], %(since)s::timestamptz[], %(beginning)s::boolean[],
              %(custodian)s::text[], %(site)s::text[], %(place)s::text[], %(status)s::text[])
    on conflict (item, position) do update
   set since = excluded.since, beginning = excluded.beginning, custodian = excluded.custodian, site = excluded.site,
       place = excluded.place, status = excluded.status;

-- name: all
-- Every row, in the order of the key.
select * from custody order by item, position;

-- name: page
-- The intervals of the items behind one; until: null where it is still so.
select item, position, since, custodian, site, place, status,
       lead(since) over (partition by item order by beginning desc, since, position) as until
  from custody
 where item > %(after)s
 order by item, beginning desc, since, position
 limit %(limit)s;

-- name: ever_of_status
-- The items that were in a status once, whatever became of them.
select distinct item from custody where status = %(status)s;
