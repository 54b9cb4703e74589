-- Challenges, sessions and tokens.

-- name: settle_session
-- Act as the doors' role, with times in UTC, and let the server end what takes too long.
set role vialog_doors;
set timezone = 'UTC';
set jit = off;
set idle_in_transaction_session_timeout = '30s';
set lock_timeout = '5s';
set statement_timeout = '5s';

-- name: tidy
-- Drop what has expired.
with old as (delete from vialog_doors.challenge where expires <= %(now)s),
     ended as (delete from vialog_doors.session where expires <= %(now)s)
delete from vialog_doors.token where expires <= %(now)s;

-- name: count_challenges
-- How many challenges wait for an answer.
select count(*) from vialog_doors.challenge;

-- name: issue
-- Keep a challenge until it is answered.
insert into vialog_doors.challenge (digest, key, expires) values (%(challenge)s, %(key)s, %(expires)s);

-- name: open_session
-- Burn a challenge and open the session that it is for, at once: of two that answer the same one, one gets it.
with burnt as (
    delete from vialog_doors.challenge
     where digest = %(challenge)s and key = %(key)s and expires > %(made)s
    returning key
)
insert into vialog_doors.session (digest, name, party, person, key, made, expires)
select %(digest)s, %(name)s, %(party)s, %(person)s, burnt.key, %(made)s, %(expires)s from burnt
returning name;

-- name: find_session
-- The session of a secret.
select party, person, key, name, expires from vialog_doors.session where digest = %(digest)s and expires > %(now)s;

-- name: end_session
-- End a session.
delete from vialog_doors.session where name = %(name)s;

-- name: find_token
-- The token of a secret.
select party, person, key, name, scopes from vialog_doors.token where digest = %(digest)s and expires > %(now)s;

-- name: note_use
-- Note that a token was used, once a minute at most.
update vialog_doors.token set used = %(now)s
 where name = %(name)s and (used is null or used < %(now)s - interval '1 minute');

-- name: make_token
-- Keep a token, unless its person has as many as one may have.
insert into vialog_doors.token (digest, name, label, party, person, key, scopes, made, expires)
select %(digest)s, %(name)s, %(label)s, %(party)s, %(person)s, %(key)s, %(scopes)s, %(made)s, %(expires)s
 where (select count(*) from vialog_doors.token where party = %(party)s and person = %(person)s) < %(most)s
returning name;

-- name: tokens_of
-- The tokens of a person, oldest first.
select name, label, key, scopes, made, expires, used from vialog_doors.token
 where party = %(party)s and person = %(person)s and expires > %(now)s order by made, name;

-- name: withdraw
-- Withdraw a token of a person.
delete from vialog_doors.token where name = %(name)s and party = %(party)s and person = %(person)s returning name;

-- name: still_in
-- Those of some sessions and tokens that have not ended.
select name from vialog_doors.session where name = any(%(names)s) and expires > %(now)s
union all
select name from vialog_doors.token where name = any(%(names)s) and expires > %(now)s;
