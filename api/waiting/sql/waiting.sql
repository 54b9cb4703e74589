-- Statements that wait for signatures, and drafts.

-- name: take_turn
-- One leaves or keeps at a time, so that each counts what the one before left.
select pg_advisory_xact_lock(hashtextextended('vialog_doors.waiting', 0));

-- name: tidy
-- Drop what has expired.
with ended as (delete from vialog_doors.open_statement where expires <= %(now)s)
delete from vialog_doors.draft where expires <= %(now)s;

-- name: leave
-- Keep an open statement, unless it is there or its party has left as many as one may.
insert into vialog_doors.open_statement
       (digest, statement, kind, party, parties, envelope, beside, made, expires)
select %(digest)s, %(statement)s, %(kind)s, %(party)s, %(parties)s, %(envelope)s, %(beside)s, %(made)s, %(expires)s
 where (select count(*) from vialog_doors.open_statement where party = %(party)s) < %(most)s
    on conflict do nothing
returning digest, statement, kind, party, envelope, beside, made, expires;

-- name: waiting
-- The open statements that a party is to sign, the newest first.
select digest, statement, kind, party, envelope, beside, made, expires from vialog_doors.open_statement
 where parties @> array[%(party)s] and expires > %(now)s order by made desc, digest;

-- name: find
-- One of them.
select digest, statement, kind, party, envelope, beside, made, expires from vialog_doors.open_statement
 where parties @> array[%(party)s] and expires > %(now)s and digest = %(digest)s;

-- name: sign
-- Put an envelope with more signatures in the place of the one that was read.
update vialog_doors.open_statement set envelope = %(envelope)s where digest = %(digest)s and envelope = %(before)s
returning digest, statement, kind, party, envelope, beside, made, expires;

-- name: withdraw
-- Take one away that a party left.
delete from vialog_doors.open_statement where digest = %(digest)s and party = %(party)s returning digest;

-- name: take_away
-- Take those away that are recorded by now.
delete from vialog_doors.open_statement where digest = any(%(digests)s);

-- name: keep
-- Keep a draft of a party under a name, in the place of the one before, unless it has as many as one may have.
insert into vialog_doors.draft (party, name, person, draft, kept, expires)
select %(party)s, %(name)s, %(person)s, %(draft)s, %(kept)s, %(expires)s
 where (select count(*) from vialog_doors.draft where party = %(party)s and name <> %(name)s) < %(most)s
    on conflict (party, name) do update
   set person = excluded.person, draft = excluded.draft, kept = excluded.kept, expires = excluded.expires
returning name;

-- name: drafts
-- The drafts of a party by their names, without what they say.
select name, person, null::bytea, kept, expires from vialog_doors.draft
 where party = %(party)s and expires > %(now)s order by name;

-- name: draft
-- A draft of a party.
select name, person, draft, kept, expires from vialog_doors.draft
 where party = %(party)s and expires > %(now)s and name = %(name)s;

-- name: drop
-- Drop a draft of a party.
delete from vialog_doors.draft where party = %(party)s and name = %(name)s returning name;
