-- What migrating needs before the first migration, and between any two.

-- name: take_turn
-- One process migrates at a time; the others wait, then find the work done. Given back when the transaction ends.
select pg_advisory_xact_lock(hashtextextended('vialog.migration', 0));

-- name: prepared
-- Whether there is a place where applied migrations are noted.
select to_regclass('vialog.migration') is not null;

-- name: prepare
-- Make that place.
create schema vialog;
create table vialog.migration (
    name text collate "C" primary key,
    sha256 text not null,
    applied timestamptz not null default now()
);

-- name: applied
-- The migrations that were applied, in order, with the SHA-256 of their files.
select name, sha256 from vialog.migration order by name;

-- name: first_entry
-- The first entry of the log; none of an empty one.
select entry from vialog.event order by position limit 1;

-- name: note
-- Note a migration as applied.
insert into vialog.migration (name, sha256) values (%(name)s, %(sha256)s);

-- name: name_log
-- Give the log its name unless it has one.
insert into vialog.head (origin) values (%(origin)s) on conflict do nothing;

-- name: has_head
-- Whether there is a place for the log's name.
select to_regclass('vialog.head') is not null;

-- name: origin
-- The log's name; no row before it has one.
select origin from vialog.head;
