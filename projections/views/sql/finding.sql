-- Findings of supervision. number: within its case. items: how many it names. settled: when it was verified or dropped.

-- name: table
create table finding (
    "case" text collate "C" not null,
    number integer not null,
    unit text collate "C" not null,
    found_by text collate "C" not null,
    area text not null,
    gravity text not null,
    status text not null,
    since timestamptz not null,
    due timestamptz not null,
    times integer not null,
    items bigint not null,
    settled timestamptz
);

-- name: indexes
alter table finding add primary key ("case", number);
create index on finding (unit);
analyze finding;

-- name: load
copy finding from stdin;

-- name: clear
delete from finding where "case" = any (%(subjects)s);

-- name: write
insert into finding
select *
  from unnest(%(case)s::text[], %(number)s::integer[], %(unit)s::text[], %(found_by)s::text[], %(area)s::text[],
              %(gravity)s::text[], %(status)s::text[], %(since)s::timestamptz[], %(due)s::timestamptz[],
              %(times)s::integer[], %(items)s::bigint[], %(settled)s::timestamptz[])
    on conflict ("case", number) do update
   set unit = excluded.unit, found_by = excluded.found_by, area = excluded.area, gravity = excluded.gravity,
       status = excluded.status, since = excluded.since, due = excluded.due, times = excluded.times,
       items = excluded.items, settled = excluded.settled;

-- name: all
-- Every row, in the order of the key.
select * from finding order by "case", number;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from finding where "case" > %(after)s order by "case", number limit %(limit)s;

-- name: cases
-- The cases that have findings.
select distinct "case" from finding;
