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
  from unnest(array[
           'vialog.event', 'vialog.event_tag', 'vialog.head',
           'vialog.publication', 'vialog.checkpoint', 'vialog.tile', 'vialog.index_page'
       ]) as kept (name)
 cross join unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as privilege (name)
 where has_table_privilege('vialog_app', to_regclass(kept.name), privilege.name)
 order by 1;

-- name: guards
-- The triggers that keep the log from being changed, are on whoever the session is, and still refuse something.
select count(*) as guards
  from pg_catalog.pg_trigger
  join pg_catalog.pg_proc on pg_proc.oid = tgfoid
 where tgrelid in (
           to_regclass('vialog.event'), to_regclass('vialog.event_tag'), to_regclass('vialog.head'),
           to_regclass('vialog.publication'), to_regclass('vialog.checkpoint'), to_regclass('vialog.tile')
       )
   and tgname in ('append_only', 'only_forward', 'recorded_with_entry', 'only_longer', 'only_larger')
   and tgenabled = 'A'
   and prosrc like '%%raise restrict_violation%%';

-- name: foreign_triggers
-- Triggers and rules that no migration made: they can drop or change what is recorded.
select tgname || ' on ' || tgrelid::regclass::text as found
  from pg_catalog.pg_trigger
  join pg_catalog.pg_class on pg_class.oid = tgrelid
 where relnamespace = to_regnamespace('vialog') and not tgisinternal
   and tgname not in ('append_only', 'only_forward', 'recorded_with_entry', 'only_longer', 'only_larger')
 union all
select rulename || ' on ' || ev_class::regclass::text
  from pg_catalog.pg_rewrite
  join pg_catalog.pg_class on pg_class.oid = ev_class
 where relnamespace = to_regnamespace('vialog')
 order by 1;

-- name: log
-- The head, the events that it should count, and the first of them. Reads the index of all positions.
select head.origin, head.position, head.recorded, counted.events, counted.last,
       (select entry from vialog.event where position = 1) as first,
       greatest(head.recorded, (select max(recorded) from vialog.event where position = counted.last)) as newest
  from vialog.head
 cross join (select count(*) as events, coalesce(max(position), 0) as last from vialog.event) as counted;
