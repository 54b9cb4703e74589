-- The access log: written, and read.

-- name: settle_session
-- Act as the doors' role, with times in UTC; let no default make an answer less durable than it says; and let the server
-- end what takes too long, so that nobody keeps the others from being written.
set role vialog_doors;
set timezone = 'UTC';
set jit = off;
set enable_seqscan = off;
set idle_in_transaction_session_timeout = '30s';
set lock_timeout = '5s';
set statement_timeout = '10s';
select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local');

-- name: is_there
-- Whether a table is made: by the first service of a log that has it.
select to_regclass(%(table)s) is not null;

-- name: take_turn
-- One entry is written at a time, by whichever process: numbers have no gap, and times never go back.
select pg_advisory_xact_lock(hashtextextended('vialog_doors.access', 0));

-- name: newest
-- The newest entry's number, and when it was asked.
select number, asked from vialog_doors.access order by number desc limit 1;

-- name: write
-- Keep an entry.
insert into vialog_doors.access (number, asked, reader, parties, entry, parts, leaf)
values (%(number)s, %(asked)s, %(reader)s, %(parties)s, %(entry)s, %(parts)s, %(leaf)s);

-- name: end
-- Say that an answer was handed out whole. Where the server is lost in the next moment this is too, and the answer looks
-- unfinished, which harms nobody.
with quick as (select set_config('synchronous_commit', 'off', true))
insert into vialog_doors.access_end (number, ended) select %(number)s, %(ended)s from quick;

-- name: entries
-- The entries from one number on, oldest first.
select number, asked, reader, parties, entry, parts, leaf, ended
  from vialog_doors.access left join vialog_doors.access_end using (number)
 where number > %(after)s order by number limit %(limit)s;

-- name: page
-- The newest entries below a number that a party may read something of; of all parties where none is named.
select number, asked, reader, parties, entry, parts, leaf, ended
  from vialog_doors.access left join vialog_doors.access_end using (number)
 where number < %(below)s
   and (%(party)s::text is null or reader = %(party)s or parties && array[%(party)s, ''])
   and (%(reader)s::text is null or reader = %(reader)s)
 order by number desc limit %(limit)s;

-- name: leaves
-- The leaf hashes of entries, from one number to another.
select leaf from vialog_doors.access where number between %(first)s and %(last)s order by number;
