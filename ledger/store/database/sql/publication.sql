-- The publication: reading it, and replacing it by a larger one. Names are always qualified: no search path is relied on.

-- name: still
-- Let the whole transaction see one moment, and write nothing.
set transaction isolation level repeatable read, read only;

-- name: size
-- How many entries the newest checkpoint covers; 0 before the first.
select size from vialog.publication;

-- name: standing
-- How many entries there are, how many the newest checkpoint covers, whether the server takes no more, when the last entry was
-- recorded, and what time it is here.
select position, size, pg_is_in_recovery() or current_setting('transaction_read_only')::boolean, recorded, clock_timestamp()
  from vialog.head, vialog.publication;

-- name: newest
-- How many entries are published, the note of that checkpoint, and the state entry that is its last leaf.
select publication.size, note, entry
  from vialog.publication
  left join vialog.checkpoint using (size)
  left join vialog.event on event.position = checkpoint.size;

-- name: glance
-- The newest checkpoint as above, and with it all pages of the index on the ways to some keys, which are written as hexadecimal
-- digits: a page that stands on a way leads to the one whose path is a digit longer.
with recursive walked (key, path) as (
    select key, '' from unnest(%(keys)b::text[]) as wanted (key)
    union all
    select key, left(key, length(path) + 1)
      from walked
     where length(path) < length(key)
       and exists (select from vialog.index_page where index_page.path = walked.path)
)
select publication.size, note, entry, met.paths, met.pages
  from vialog.publication
  left join vialog.checkpoint using (size)
  left join vialog.event on event.position = checkpoint.size
 cross join (select array_agg(path) as paths, array_agg(page) as pages
               from vialog.index_page
              where path in (select path from walked)) as met;

-- name: at
-- The largest checkpoint up to a size, with the state entry that is its last leaf.
select checkpoint.size, note, entry
  from vialog.checkpoint
  left join vialog.event on event.position = checkpoint.size
 where checkpoint.size <= %(size)s
 order by checkpoint.size desc
 limit 1;

-- name: covering
-- The smallest checkpoint from a size on, with the state entry that is its last leaf.
select checkpoint.size, note, entry
  from vialog.checkpoint
  left join vialog.event on event.position = checkpoint.size
 where checkpoint.size >= %(size)s
 order by checkpoint.size
 limit 1;

-- name: tile
-- The first hashes of a tile, if it has that many.
select substring(hashes from 1 for %(length)s)
  from vialog.tile
 where level = %(level)s and place = %(place)s and octet_length(hashes) >= %(length)s;

-- name: pages
-- Those of some pages of the index that exist.
select path, page from vialog.index_page where path = any (%(paths)b::text[]);

-- name: bearing
-- How many entries up to a size bear a tag by its rows.
select count(distinct position) from vialog.event_tag where tag = %(tag)s and position <= %(size)s;

-- name: leaves
-- The next positions up to a size of entries that bear a tag by its rows, each with its leaf.
select position, leaf
  from vialog.event_tag
  join vialog.event using (position)
 where tag = %(tag)s and position > %(after)s and position <= %(size)s
 order by position
 limit %(limit)s;

-- name: entries
-- The events at some positions.
select position, recorded, statement::text, kind, entry, leaf
  from vialog.event
 where position = any (%(positions)b::bigint[]);

-- name: tag_lines
-- For each position of a range what rows say of it: all its tags, written as in an entry's header, and their kinds.
select position, string_agg(tag, ' ' order by tag), min(kind), max(kind)
  from vialog.event_tag
 where position > %(after)s and position <= %(upto)s
 group by position;

-- name: untold
-- Those of some tags that no row gives to an entry up to a size. One look for each, never all rows at once.
select tag
  from unnest(%(tags)b::text[]) as wanted (tag)
 where (select count(*)
          from (select from vialog.event_tag as borne
                 where borne.tag = wanted.tag and borne.position <= %(size)s
                 limit 1) as told) = 0;

-- name: take_time
-- Let what this transaction writes take as long as it does.
set local statement_timeout = 0;

-- name: swap
-- Put a larger publication in the place of the one it extends; no row if that is not the newest any more.
update vialog.publication set size = %(size)s where size = %(after)s;

-- name: write_tiles
-- Store tiles, longer ones over those at the right edge.
insert into vialog.tile (level, place, hashes)
select level, place, hashes
  from unnest(%(levels)b::smallint[], %(places)b::bigint[], %(hashes)b::bytea[]) as grown (level, place, hashes)
    on conflict (level, place) do update set hashes = excluded.hashes;

-- name: write_pages
-- Store pages of the index over those at their paths.
insert into vialog.index_page (path, page)
select path, page from unnest(%(paths)b::text[], %(pages)b::bytea[]) as changed (path, page)
    on conflict (path) do update set page = excluded.page;

-- name: write_checkpoint
-- Keep a checkpoint.
insert into vialog.checkpoint (size, note) values (%(size)s, %(note)s);
