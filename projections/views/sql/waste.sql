-- Waste: its manifests and their certificates.

-- name: table
create table waste (
    "case" text collate "C" not null,
    position bigint not null,
    kind text not null,
    at timestamptz not null,
    party text collate "C",
    contractor text collate "C",
    number text not null,
    stored_since timestamptz,
    items bigint not null
);

-- name: indexes
alter table waste add primary key ("case", position);
analyze waste;

-- name: load
copy waste from stdin;

-- name: clear
delete from waste where "case" = any (%(subjects)s);

-- name: write
insert into waste
select *
  from unnest(%(case)s::text[], %(position)s::bigint[], %(kind)s::text[], %(at)s::timestamptz[],
              %(party)s::text[], %(contractor)s::text[], %(number)s::text[],
              %(stored_since)s::timestamptz[], %(items)s::bigint[])
    on conflict ("case", position) do update
   set kind = excluded.kind, at = excluded.at, party = excluded.party, contractor = excluded.contractor,
       number = excluded.number, stored_since = excluded.stored_since, items = excluded.items;

-- name: all
-- Every row, in the order of the key.
select * from waste order by "case", position;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from waste where "case" > %(after)s order by "case", position limit %(limit)s;
