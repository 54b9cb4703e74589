-- What items that were labelled again were sorted by before. A row is a place in the list of items that one had once.

-- name: table
create table former (
    item text collate "C" not null,
    sort_key text collate "C" not null
);

-- name: indexes
alter table former add primary key (item, sort_key);
create index on former (sort_key, item);
analyze former;

-- name: load
copy former from stdin;

-- name: clear
delete from former where item = any (%(subjects)s);

-- name: write
insert into former
select * from unnest(%(item)s::text[], %(sort_key)s::text[])
    on conflict (item, sort_key) do nothing;

-- name: all
-- Every row, in the order of the key.
select * from former order by item, sort_key;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from former where item > %(after)s order by item, sort_key limit %(limit)s;
