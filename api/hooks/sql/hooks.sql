-- Hooks and their deliveries.

-- name: register
-- Keep a hook, unless its party has as many as one may have.
insert into vialog_doors.hook (name, url, label, party, person, key, token, made, looked, rests, events, noticed, digested)
select %(name)s, %(url)s, %(label)s, %(party)s, %(person)s, %(key)s, %(token)s, %(made)s, %(looked)s, %(made)s, %(events)s,
       (select coalesce(max(number), 0) from vialog_doors.notice), %(digested)s
 where (select count(*) from vialog_doors.hook where party = %(party)s) < %(most)s
returning name;

-- name: take_turn
-- One registers at a time, so that each counts what the one before kept.
select pg_advisory_xact_lock(hashtextextended('vialog_doors.hook', 0));

-- name: of_party
-- The hooks of a party, oldest first, with how many deliveries wait and were given up.
select name, url, label, events, person, token, made, looked, failures, ended, why,
       (select count(*) from vialog_doors.delivery where hook = name and state = 'waiting'),
       (select count(*) from vialog_doors.delivery where hook = name and state = 'failed')
  from vialog_doors.hook where party = %(party)s order by made, name;

-- name: withdraw
-- Take a hook of a party away, with its deliveries.
delete from vialog_doors.hook where name = %(name)s and party = %(party)s returning name;

-- name: known
-- Whether a party has a hook.
select name from vialog_doors.hook where name = %(name)s and party = %(party)s;

-- name: deliveries
-- Deliveries of a hook in a stream, the newest position first.
select position, state, attempts, due, tried, status, problem from vialog_doors.delivery
 where hook = %(name)s and stream = %(stream)s and position < %(below)s order by position desc limit %(limit)s;

-- name: replay
-- Have what is behind a position, up to another, delivered once more.
update vialog_doors.delivery set state = 'waiting', attempts = 0, due = %(now)s
 where hook = %(name)s and stream = %(stream)s and position > %(after)s and position <= %(until)s returning position;

-- name: go_on
-- Let a hook rest no longer.
update vialog_doors.hook set failures = 0, rests = %(now)s where name = %(name)s;

-- name: live
-- The hooks that have not ended, with how many deliveries wait.
select name, url, party, person, key, token, looked, events, noticed, digested,
       (select count(*) from vialog_doors.delivery where hook = name and state = 'waiting')
  from vialog_doors.hook where ended is null order by name;

-- name: fill
-- Note what is to be delivered of a stream, and up to where that was looked at: both, or neither where somebody else did.
with moved as (
    update vialog_doors.hook
       set looked = case %(stream)s::text when 'statement' then %(until)s else looked end,
           noticed = case %(stream)s::text when 'notice' then %(until)s else noticed end,
           digested = case %(stream)s::text when 'digest' then %(until)s else digested end
     where name = %(name)s and ended is null
       and case %(stream)s::text when 'statement' then looked when 'notice' then noticed else digested end = %(looked)s
    returning name
)
insert into vialog_doors.delivery (hook, stream, position, state, due)
select moved.name, %(stream)s::text, one, 'waiting', %(now)s from moved, unnest(%(positions)s::bigint[]) as one
    on conflict do nothing;

-- name: due
-- The oldest delivery that is due of each hook that neither rests nor is being called.
select distinct on (hook) hook, stream, position, attempts
  from vialog_doors.delivery join vialog_doors.hook on name = hook
 where state = 'waiting' and due <= %(now)s and rests <= %(now)s and ended is null and not name = any(%(busy)s)
 order by hook, due, stream desc, position;

-- name: settle
-- Note what became of an attempt, unless the delivery is no longer as it was when it was begun.
with noted as (
    update vialog_doors.delivery
       set state = %(state)s, attempts = %(attempts)s + 1, due = %(due)s, tried = %(now)s, status = %(status)s,
           problem = %(problem)s
     where hook = %(hook)s and stream = %(stream)s and position = %(position)s and state = 'waiting' and attempts = %(attempts)s
    returning hook
)
update vialog_doors.hook
   set failures = case when %(failed)s then failures + 1 else 0 end,
       rests = case when %(failed)s then %(now)s + least(
           interval '1 second' * power(2, least(failures, 20)), interval '1 hour') else %(now)s end
 where name in (select hook from noted);

-- name: end_hook
-- End a hook: nothing is delivered to it any more.
update vialog_doors.hook set ended = %(now)s, why = %(why)s where name = %(name)s and ended is null;

-- name: tidy
-- Drop deliveries that are done, and old.
delete from vialog_doors.delivery where state <> 'waiting' and tried < %(now)s - interval '30 days';

-- name: elect
-- Deliver alone, for as long as this session lasts; false where another one does.
select pg_try_advisory_lock(hashtextextended('vialog_doors.deliverer', 0));
