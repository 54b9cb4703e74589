-- What migrating the doors' tables needs before the first migration, and between any two.

-- name: take_turn
-- One process migrates at a time; the others wait, then find the work done. Given back when the transaction ends.
select pg_advisory_xact_lock(hashtextextended('vialog_doors.migration', 0));

-- name: prepared
-- Whether there is a place where applied migrations are noted.
select to_regclass('vialog_doors.migration') is not null;

-- name: prepare
-- Make that place.
create schema vialog_doors;
create table vialog_doors.migration (
    name text collate "C" primary key,
    sha256 text not null,
    applied timestamptz not null default now()
);

-- name: applied
-- The migrations that were applied, in order, with the SHA-256 of their files.
select name, sha256 from vialog_doors.migration order by name;

-- name: first_entry
-- No log is kept in these tables.
select null where false;

-- name: note
-- Note a migration as applied.
insert into vialog_doors.migration (name, sha256) values (%(name)s, %(sha256)s);
