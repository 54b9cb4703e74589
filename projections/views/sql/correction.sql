-- Corrections and voidings. of_statement: what is corrected or voided, itself a correction perhaps.

-- name: table
create table correction (
    statement text collate "C" not null,
    position bigint not null,
    recorded timestamptz not null,
    of_statement text collate "C" not null,
    voided boolean not null,
    persons text[] not null,
    reason text
);

-- name: indexes
alter table correction add primary key (statement);
analyze correction;

-- name: load
copy correction from stdin;

-- name: clear
delete from correction where statement = any (%(subjects)s);

-- name: write
-- Lists come as texts with U+001F between their words, which no word has.
insert into correction
select statement, position, recorded, of_statement, voided, string_to_array(persons, E'\x1f'), reason
  from unnest(%(statement)s::text[], %(position)s::bigint[], %(recorded)s::timestamptz[],
              %(of_statement)s::text[], %(voided)s::boolean[], %(persons)s::text[], %(reason)s::text[])
       as written (statement, position, recorded, of_statement, voided, persons, reason)
    on conflict (statement) do update
   set position = excluded.position, recorded = excluded.recorded, of_statement = excluded.of_statement,
       voided = excluded.voided, persons = excluded.persons, reason = excluded.reason;

-- name: all
-- Every row, in the order of the key.
select * from correction order by statement;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from correction where statement > %(after)s order by statement limit %(limit)s;

-- name: pairs
-- What corrects or voids another, and which one.
select statement, of_statement from correction;

-- name: of_statements
-- Some statements, with all that correct or void them, or are corrected or voided by them, and so on.
with recursive edge (statement, other) as (
    select statement, of_statement from correction
    union all
    select of_statement, statement from correction
), found (statement) as (
    select unnest(%(statements)s::text[]) collate "C"
    union
    select edge.other from found join edge using (statement)
)
select statement from found;
