-- Excursions of temperature: what left its range, and what was decided about it.

-- name: table
create table excursion (
    item text collate "C" not null,
    position bigint not null,
    what text not null,
    since timestamptz not null,
    until timestamptz,
    device text,
    minimum text,
    maximum text,
    low text,
    high text
);

-- name: indexes
alter table excursion add primary key (item, position);
create index on excursion (what);
analyze excursion;

-- name: load
copy excursion from stdin;

-- name: clear
delete from excursion where item = any (%(subjects)s);

-- name: write
insert into excursion
select *
  from unnest(%(item)s::text[], %(position)s::bigint[], %(what)s::text[], %(since)s::timestamptz[],
              %(until)s::timestamptz[], %(device)s::text[], %(minimum)s::text[], %(maximum)s::text[],
              %(low)s::text[], %(high)s::text[])
    on conflict (item, position) do update
   set what = excluded.what, since = excluded.since, until = excluded.until, device = excluded.device,
       minimum = excluded.minimum, maximum = excluded.maximum, low = excluded.low, high = excluded.high;

-- name: all
-- Every row, in the order of the key.
select * from excursion order by item, position;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from excursion where item > %(after)s order by item, position limit %(limit)s;

-- name: of_items
-- The items of which something is said.
select distinct item from excursion where what = %(what)s;
