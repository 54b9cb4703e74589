-- Breaches that entries tell. number: its place in the entry. about: none of what concerns the whole statement.

-- name: table
create table breach (
    statement text collate "C" not null,
    number integer not null,
    position bigint not null,
    kind text not null,
    rule text not null,
    about text[] not null,
    parties text[] not null,
    occurred timestamptz not null,
    recorded timestamptz not null,
    reason text
);

-- name: indexes
alter table breach add primary key (statement, number);
create index on breach (occurred);
analyze breach;

-- name: load
copy breach from stdin;

-- name: clear
delete from breach where statement = any (%(subjects)s);

-- name: write
-- Lists come as texts with U+001F between their words, which no word has.
insert into breach
select statement, number, position, kind, rule, string_to_array(about, E'\x1f'), string_to_array(parties, E'\x1f'),
       occurred, recorded, reason
  from unnest(%(statement)s::text[], %(number)s::integer[], %(position)s::bigint[], %(kind)s::text[],
              %(rule)s::text[], %(about)s::text[], %(parties)s::text[], %(occurred)s::timestamptz[],
              %(recorded)s::timestamptz[], %(reason)s::text[])
       as written (statement, number, position, kind, rule, about, parties, occurred, recorded, reason)
    on conflict (statement, number) do update
   set position = excluded.position, kind = excluded.kind, rule = excluded.rule, about = excluded.about,
       parties = excluded.parties, occurred = excluded.occurred, recorded = excluded.recorded,
       reason = excluded.reason;

-- name: all
-- Every row, in the order of the key.
select * from breach order by statement, number;

-- name: page
-- The rows behind a statement, those of a statement all together.
select * from breach where statement > %(after)s order by statement, number limit %(limit)s;

-- name: between
-- The statements with a breach whose acts occurred in a time, its ends included.
select distinct statement from breach where occurred between %(since)s and %(until)s;
