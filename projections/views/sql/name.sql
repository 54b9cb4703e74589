-- Names. keys: all that a subject is or was called and its id, as texts are compared, with U+001E between them.

-- name: table
create table name (
    subject text collate "C" not null,
    called text,
    sort_key text collate "C" not null,
    keys text not null
);

-- name: indexes
alter table name add primary key (subject);
analyze name (subject, sort_key);

-- name: load
copy name from stdin;

-- name: clear
delete from name where subject = any (%(subjects)s);

-- name: write
insert into name
select * from unnest(%(subject)s::text[], %(called)s::text[], %(sort_key)s::text[], %(keys)s::text[])
    on conflict (subject) do update set called = excluded.called, sort_key = excluded.sort_key, keys = excluded.keys;

-- name: all
-- Every row, in the order of the key.
select * from name order by subject;

-- name: bearing
-- Who is or was called by a text, or has it as the end of the id. text: as texts are compared.
select subject from name
 where strpos(E'\x1e' || keys || E'\x1e', E'\x1e' || %(text)s::text || E'\x1e') > 0 or keys = %(text)s
 order by subject limit %(limit)s;

-- name: alike
-- Names that begin as a text does, as texts are compared, each once.
select distinct key from name, unnest(string_to_array(keys, E'\x1e')) as key
 where strpos(E'\x1e' || keys, E'\x1e' || %(beginning)s::text) > 0 and starts_with(key, %(beginning)s)
 order by key limit %(limit)s;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from name where subject > %(after)s order by subject limit %(limit)s;
