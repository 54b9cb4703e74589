-- Looking at the database itself, for `vialog doctor`: how it is set up, and whether its numbers agree. Changes nothing.

-- name: server
-- The server's version, whether it waits for its disk, and its clock.
select current_setting('server_version_num')::integer as version,
       current_setting('fsync') = 'on' as fsync,
       now() as clock;

-- name: migrated
-- Whether there is a log's database at all.
select to_regclass('vialog.migration') is not null as migrated;

-- name: applied
-- The migrations that were applied, with the SHA-256 of their files.
select name, sha256 from vialog.migration order by name;

-- name: log
-- The head, the events that it should count, and the first of them. Reads the index of all positions.
select head.origin, head.position, head.recorded, counted.events, counted.last,
       (select entry from vialog.event where position = 1) as first,
       greatest(head.recorded, (select max(recorded) from vialog.event where position = counted.last)) as newest
  from vialog.head
 cross join (select count(*) as events, coalesce(max(position), 0) as last from vialog.event) as counted;
