-- Incidents and losses. told: the bodies that were told beside the report, which may say so itself.

-- name: table
create table incident (
    "case" text collate "C" not null,
    matter text not null,
    status text not null,
    party text collate "C",
    discovered_at timestamptz,
    items bigint not null,
    told text[] not null,
    investigated_at timestamptz,
    watches bigint not null,
    watches_ended bigint not null
);

-- name: indexes
alter table incident add primary key ("case");
analyze incident;

-- name: load
copy incident from stdin;

-- name: clear
delete from incident where "case" = any (%(subjects)s);

-- name: write
-- Lists come as texts with U+001F between their words, which no word has.
insert into incident
select "case", matter, status, party, discovered_at, items, string_to_array(told, E'\x1f'), investigated_at, watches, watches_ended
  from unnest(%(case)s::text[], %(matter)s::text[], %(status)s::text[], %(party)s::text[],
              %(discovered_at)s::timestamptz[], %(items)s::bigint[], %(told)s::text[],
              %(investigated_at)s::timestamptz[], %(watches)s::bigint[], %(watches_ended)s::bigint[])
       as written ("case", matter, status, party, discovered_at, items, told, investigated_at, watches, watches_ended)
    on conflict ("case") do update
   set matter = excluded.matter, status = excluded.status, party = excluded.party,
       discovered_at = excluded.discovered_at, items = excluded.items, told = excluded.told,
       investigated_at = excluded.investigated_at, watches = excluded.watches,
       watches_ended = excluded.watches_ended;

-- name: all
-- Every row, in the order of the key.
select * from incident order by "case";

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from incident where "case" > %(after)s order by "case" limit %(limit)s;
