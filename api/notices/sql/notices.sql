-- Notices, and up to which of them somebody has read.

-- name: take_turn
-- One process writes at a time, so that numbers have no gap and are seen in their order.
select pg_advisory_xact_lock(hashtextextended('vialog_doors.notice', 0));

-- name: write
-- Keep those that are not kept yet, in the order given, and return how many were new.
with given as (
    select number, what, opened_by, duty, subject, key, due, string_to_array(parties, E'\x1f') as parties
      from unnest(%(what)s::text[], %(opened_by)s::bigint[], %(duty)s::text[], %(subject)s::text[], %(key)s::text[],
                  %(due)s::timestamptz[], %(parties)s::text[])
           with ordinality as one (what, opened_by, duty, subject, key, due, parties, number)
), fresh as (
    select row_number() over (order by number) as place, given.* from given
     where not exists (
        select from vialog_doors.notice as kept
         where (kept.subject, kept.duty, kept.opened_by, kept.key, kept.due, kept.what, kept.parties)
               = (given.subject, given.duty, given.opened_by, given.key, given.due, given.what, given.parties))
)
insert into vialog_doors.notice (number, what, opened_by, duty, subject, key, due, parties, noted, position)
select place + (select coalesce(max(number), 0) from vialog_doors.notice), what, opened_by, duty, subject, key, due,
       parties, %(noted)s, %(position)s
  from fresh
returning number;

-- name: newest
-- The number of the newest notice; 0: there is none.
select coalesce(max(number), 0) from vialog_doors.notice;

-- name: gone
-- How many numbers are not there any more, of those up to the newest.
select coalesce(max(number), 0) - count(*) from vialog_doors.notice;

-- name: below
-- The newest notices below a number; of a party, or of all where none is named.
select number, what, opened_by, duty, subject, key, due, parties, noted, position from vialog_doors.notice
 where number < %(below)s and number > %(above)s and (%(party)s::text is null or parties @> array[%(party)s::text])
 order by number desc limit %(limit)s;

-- name: above
-- The oldest notices behind a number; of a party, or of all where none is named.
select number, what, opened_by, duty, subject, key, due, parties, noted, position from vialog_doors.notice
 where number > %(above)s and (%(party)s::text is null or parties @> array[%(party)s::text])
 order by number limit %(limit)s;

-- name: read_up_to
-- Up to which number somebody has read.
select number from vialog_doors.inbox_read where party = %(party)s and person = %(person)s;

-- name: read
-- Note that somebody has read up to a number that there is, and not less than before.
insert into vialog_doors.inbox_read (party, person, number, at)
select %(party)s, %(person)s, least(%(number)s, coalesce(max(number), 0)), %(at)s from vialog_doors.notice
    on conflict (party, person) do update
   set number = greatest(inbox_read.number, excluded.number), at = excluded.at
returning number;

-- name: tick
-- Note as of when all that falls due is noted, and by which position of the views.
insert into vialog_doors.clock (looked, position, lag) values (%(looked)s, %(position)s, '')
    on conflict (one) do update set looked = excluded.looked, position = excluded.position, lag = '';

-- name: lag
-- Note why nothing can be noted; since when, the row says.
insert into vialog_doors.clock (looked, position, lag) values (%(looked)s, 0, %(lag)s)
    on conflict (one) do update set lag = excluded.lag;

-- name: ticked
-- As of when all that falls due is noted, and why not since.
select looked, lag from vialog_doors.clock;

-- name: elect
-- Write alone, for as long as this session lasts; false where another one does.
select pg_try_advisory_lock(hashtextextended('vialog_doors.clock', 0));
