-- What the runner keeps: who it is in the database, where it stands, and what it notes of subjects beside the rows.

-- name: prepared
-- Whether the role is there and may make schemas in this database.
select coalesce((select has_database_privilege(oid, current_database(), 'create') and pg_has_role(current_user, oid, 'member')
                   from pg_roles where rolname = 'vialog_projector'), false);

-- name: prepare
-- The role that owns the views, and nothing else: it has no right on the log.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'vialog_projector') then
        create role vialog_projector nologin;
        execute pg_catalog.format('grant vialog_projector to %I', current_user);
    end if;
exception
    -- The role belongs to the whole server: another database was prepared at the same moment.
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then
        raise insufficient_privilege using
            message = pg_catalog.format('the role vialog_projector is missing, and %s may not create it', current_user),
            hint = 'An administrator runs once: create role vialog_projector nologin;'
                   ' grant vialog_projector to <the login role that makes the views>;';
end
$$;

-- name: allow
do $$
begin
    execute pg_catalog.format('grant create on database %I to vialog_projector', pg_catalog.current_database());
end
$$;

-- name: settle_session
-- Act as the role that owns the views. Names in the views' queries are not qualified: the schema is the one that is
-- followed, or the one that is being made, and nothing else is looked into.
set role vialog_projector;
set timezone = 'UTC';
set jit = off;
set search_path = vialog_views;
set idle_in_transaction_session_timeout = '60s';

-- name: lock
-- Who writes rows, one at a time, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended('vialog.views', 0));

-- name: elect
-- Whether this session is the one that follows the log, for as long as it lives.
select pg_try_advisory_lock(hashtextextended('vialog.views.follower', 0));

-- name: claim_rebuild
-- This session is the one that makes the views anew, for as long as it lives.
select pg_advisory_lock(hashtextextended('vialog.views.rebuild', 0));

-- name: be_patient
-- The server ends a session that was killed a moment after its client is gone: who comes next waits that long.
set local lock_timeout = '2s';

-- name: give_up_rebuild
select pg_advisory_unlock(hashtextextended('vialog.views.rebuild', 0));

-- name: rebuilding
-- Whether somebody holds that lock.
select exists (select from pg_locks
                where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
                  and (classid::bigint << 32 | objid::bigint) = hashtextextended('vialog.views.rebuild', 0));

-- name: has_views
select to_regclass('vialog_views.runner') is not null;

-- name: has_next
select to_regclass('vialog_views_next.progress') is not null;

-- name: begin_next
-- Where views are made anew; what was left of an earlier try goes.
drop schema if exists vialog_views_next cascade;
create schema vialog_views_next;
create table vialog_views_next.progress (
    begun timestamptz not null default clock_timestamp(),
    told timestamptz not null default clock_timestamp(),
    position bigint not null default 0,
    head bigint not null
);

-- name: begun
-- When the making that the tables are of was begun. They are not dropped before the transaction ends in which it is asked.
select begun from progress;

-- name: tell_begun
insert into vialog_views_next.progress (head) values (%(head)s);

-- name: tell_progress
update vialog_views_next.progress set position = %(position)s, head = %(head)s, told = clock_timestamp();

-- name: progress
-- How far the making has come, and for how many seconds it goes on.
select position, head, extract(epoch from told - begun)::float8 from vialog_views_next.progress;

-- name: into_next
set local search_path = vialog_views_next;

-- name: make
-- Of what nobody looks at yet nothing need be on the disk before what takes its place is, and it is behind it there. Its
-- tables are analysed by a quarter of the rows that the server would look at: which values are frequent shows in these.
-- Of the columns of the longest tables that no query narrows or joins by nothing is noted.
set local synchronous_commit = off;
set local default_statistics_target = 25;

-- name: swap
-- What was made takes the place of what was there.
drop table vialog_views_next.progress;
drop schema if exists vialog_views cascade;
alter schema vialog_views_next rename to vialog_views;

-- name: tables
create table runner (
    one boolean primary key default true check (one),
    made uuid not null default gen_random_uuid(),
    version text not null,
    position bigint not null,
    recorded timestamptz,
    editions text[] not null,
    peaks bytea not null,
    checked bigint not null,
    stopped text
);
create table passed (size bigint not null, root bytea not null);
create table subject (tag text collate "C" not null, count bigint not null, chain bytea not null);

-- name: indexes
alter table passed add primary key (size);
alter table subject add primary key (tag);
analyze subject (tag);

-- name: load_subject
copy subject from stdin;

-- name: stand
-- Where the runner stands.
select made::text, version, position, recorded, editions, peaks, checked, stopped from runner;

-- name: passed
select size, root from passed order by size;

-- name: begin
-- Say for the first time where it stands.
insert into runner (version, position, recorded, editions, peaks, checked)
values (%(version)s, %(position)s, %(recorded)s, %(editions)s::text[], %(peaks)s, %(checked)s);

-- name: advance
-- Go on, from where it is thought to stand and from nowhere else.
update runner
   set position = %(position)s, recorded = %(recorded)s, editions = %(editions)s::text[], peaks = %(peaks)s,
       checked = %(checked)s
 where made = %(made)s::uuid and position = %(after)s;

-- name: pass
insert into passed (size, root) select * from unnest(%(sizes)s::bigint[], %(roots)s::bytea[]) on conflict do nothing;

-- name: pass_no_more
delete from passed where size <= %(checked)s;

-- name: stop
-- Say why it goes on no more.
update runner set stopped = %(stopped)s where made = %(made)s::uuid and position = %(after)s;

-- name: resume
-- Let it try again, as after a newer program was installed.
update runner set stopped = null where stopped is not null;

-- name: all_subject
select tag, count, encode(chain, 'hex') from subject order by tag;

-- name: seen
select tag, count, chain from subject where tag = any (%(tags)s);

-- name: see
insert into subject
select * from unnest(%(tags)s::text[], %(counts)s::bigint[], %(chains)s::bytea[])
    on conflict (tag) do update set count = excluded.count, chain = excluded.chain;

-- name: still
-- One moment, for all reads that must agree.
set transaction isolation level repeatable read read only;

-- name: for_long
-- For whoever computes in between, such as all that a long log comes to, and asks for nothing meanwhile.
set local idle_in_transaction_session_timeout = 0;
