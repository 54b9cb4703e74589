-- Storage positions. One row an item that stands in one; what stands in a store comes in the order of its places.

-- name: table
create table position (
    item text collate "C" not null,
    site text collate "C" not null,
    place text not null,
    place_key text collate "C" not null,
    label text,
    kept text,
    checked_out text collate "C"
);

-- name: indexes
alter table position add primary key (item);
analyze position;

-- name: load
copy position from stdin;

-- name: clear
delete from position where item = any (%(subjects)s);

-- name: write
insert into position
select *
  from unnest(%(item)s::text[], %(site)s::text[], %(place)s::text[], %(place_key)s::text[],
              %(label)s::text[], %(kept)s::text[], %(checked_out)s::text[])
    on conflict (item) do update
   set site = excluded.site, place = excluded.place, place_key = excluded.place_key, label = excluded.label,
       kept = excluded.kept, checked_out = excluded.checked_out;

-- name: all
-- Every row, in the order of the key.
select * from position order by item;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from position where item > %(after)s order by item limit %(limit)s;
