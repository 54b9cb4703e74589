-- Everything that stands in the database, for whoever checks it from the first byte. Writes nothing.

-- name: still
-- Let the whole transaction see one moment, and write nothing.
set transaction isolation level repeatable read, read only;

-- name: head
-- What the log's head says, the position of the last event that is there, when the head says that was, and how many entries are published.
select origin, head.position, coalesce((select max(position) from vialog.event), 0), recorded, size
  from vialog.head, vialog.publication;

-- name: key_records
-- The statements that say which keys may sign, of whatever version.
select position, recorded, statement::text, kind, entry, leaf
  from vialog.event
 where kind like 'key.%%' or (kind like 'log.%%' and kind <> 'log.state/1')
 order by position;

-- name: checkpoints
-- Every stored checkpoint.
select size, note from vialog.checkpoint order by size;

-- name: tiles
-- Every stored tile, by its digest.
select level, place, sha256(hashes) from vialog.tile;

-- name: tile
-- A stored tile.
select hashes from vialog.tile where level = %(level)s and place = %(place)s;

-- name: pages
-- Every stored page of the index, by its digest.
select path, sha256(page) from vialog.index_page;

-- name: orphaned_disclosure
-- A disclosure whose statement is not recorded.
select statement::text from vialog.disclosure left join vialog.event using (statement)
 where event.statement is null
 limit 1;

-- name: range
-- The events of a range of positions.
select position, recorded, statement::text, kind, entry, leaf
  from vialog.event
 where position > %(after)s and position <= %(upto)s
 order by position;

-- name: disclosures
-- What is kept beside some statements.
select statement::text, digest, disclosed
  from vialog.disclosure
 where statement = any (%(statements)b::uuid[])
 order by statement, digest;

-- name: patient
-- Between two fetches the process checks what it has: that may take long.
set local idle_in_transaction_session_timeout = 0;

-- name: tag_lines
-- For each position up to one all the tags that rows give it, written as in an entry's header, and their kind.
select position, string_agg(tag, ' ' order by tag), min(kind), max(kind)
  from vialog.event_tag
 where position <= %(upto)s
 group by position
 order by position;

-- name: orphaned_tag
-- A tag of a position at which nothing is recorded.
select position, tag from vialog.event_tag left join vialog.event using (position)
 where event.position is null
 order by position, tag
 limit 1;

-- name: repeated_statement
-- A statement that stands in the log more than once, and where it does the second time.
select statement::text, (array_agg(position order by position))[2]
  from vialog.event
 group by statement
having count(*) > 1
 order by 2
 limit 1;

-- name: odd_kind
-- A kind of entries that is not among the kinds of the log, or one that no entry is of.
select kind from (select distinct kind from vialog.event) as told full join vialog.kind as known using (kind)
 where told.kind is null or known.kind is null
 order by kind
 limit 1;
