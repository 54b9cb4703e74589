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
-- The migrations that were applied.
select name from vialog.migration order by name;

-- name: excess
-- What the application's role may do to the log besides adding and reading: nothing, if all is well.
select privilege.name || ' on ' || kept.name as excess
  from unnest(array['vialog.event', 'vialog.event_tag', 'vialog.head']) as kept (name)
 cross join unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as privilege (name)
 where has_table_privilege('vialog_app', to_regclass(kept.name), privilege.name)
 order by 1;

-- name: guards
-- The triggers that keep the log from being changed, and are on whoever the session is.
select count(*) as guards
  from pg_catalog.pg_trigger
 where tgrelid in (to_regclass('vialog.event'), to_regclass('vialog.event_tag'), to_regclass('vialog.head'))
   and tgname in ('append_only', 'only_forward', 'recorded_with_entry')
   and tgenabled = 'A';

-- name: log
-- The head, the events that it should count, and the first of them. Reads the index of all positions.
select head.origin, head.position, head.recorded, counted.events, counted.last,
       (select entry from vialog.event where position = 1) as first,
       greatest(head.recorded, (select max(recorded) from vialog.event where position = counted.last)) as newest
  from vialog.head
 cross join (select count(*) as events, coalesce(max(position), 0) as last from vialog.event) as counted;
