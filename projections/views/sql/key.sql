-- Keys, each with the party and person that it is enrolled for.

-- name: table
create table key (
    key text collate "C" not null,
    party text collate "C",
    person text not null,
    alg text not null,
    revoked boolean not null
);

-- name: indexes
alter table key add primary key (key);
create index on key (party);
analyze key;

-- name: load
copy key from stdin;

-- name: clear
delete from key where key = any (%(subjects)s);

-- name: write
insert into key
select *
  from unnest(%(key)s::text[], %(party)s::text[], %(person)s::text[], %(alg)s::text[], %(revoked)s::boolean[])
    on conflict (key) do update
   set party = excluded.party, person = excluded.person, alg = excluded.alg, revoked = excluded.revoked;

-- name: all
-- Every row, in the order of the key.
select * from key order by key;

-- name: of_person
-- The keys that somebody with a code has or had, and the parties that these speak for.
select key, party from key where person = %(person)s order by key;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from key where key > %(after)s order by key limit %(limit)s;
