-- The log: reading, and writing under the lock of its head. Names are always qualified: no search path is relied on.

-- name: settle_session
-- Act as the application's role, with times in UTC; let no default make an answer less durable than it says; and
-- let the server free the head when a process that holds it stops answering, and nobody wait long for it. No query here runs long enough to be
-- worth compiling, and compiling would be done under the lock. And none is meant to read a whole table: planned while the
-- log was short, it would do so for as long as the connection lives.
set role vialog_app;
set timezone = 'UTC';
set jit = off;
set enable_seqscan = off;
set idle_in_transaction_session_timeout = '30s';
set lock_timeout = '10s';
set statement_timeout = '12s';
select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local');

-- name: take_time
-- Let this session read every row, however long it takes.
set lock_timeout = 0;
set statement_timeout = 0;

-- name: head
-- The position of the last committed event.
select position from vialog.head;

-- name: origin
-- The log's name.
select origin from vialog.head;

-- name: lock_head
-- Hold the head until the transaction ends: this alone orders all writers of all processes. The server's time is that at
-- which the lock was got, not that at which it was asked for.
with locked as materialized (select position, recorded from vialog.head for update)
select position, recorded, clock_timestamp() from locked;

-- name: since
-- The events after a position.
select position, recorded, statement::text, kind, entry, leaf
  from vialog.event
 where position > %(after)s
 order by position
 limit %(limit)s;

-- name: kinds
-- The kinds of all events.
select kind from vialog.kind;

-- name: named
-- The events of some statements.
select position, recorded, statement::text, kind, entry, leaf
  from vialog.event
 where statement = any (%(statements)b::text[]::uuid[]);

-- name: places
-- The positions of some statements.
select position from vialog.event where statement = any (%(statements)b::text[]::uuid[]) order by position;

-- name: concerning
-- The events that bear one of some tags and are of the kind wanted with it.
select position, recorded, statement::text, kind, entry, leaf
  from vialog.event
 where position in (
       select borne.position
         from unnest(%(tags)b::text[], %(kinds)b::text[]) as wanted (tag, kind)
         join vialog.event_tag as borne on borne.tag = wanted.tag and borne.kind = wanted.kind)
 order by position;

-- name: about
-- The next events that bear a tag; of some kinds only where any are named. Steps through the tag's kinds, then merges
-- the next positions of each: what lies before the position asked for is never read, however much it is.
with recursive present (kind) as (
    (select kind from vialog.event_tag where tag = %(tag)s order by kind limit 1)
    union all
    select (select borne.kind
              from vialog.event_tag as borne
             where borne.tag = %(tag)s and borne.kind > present.kind
             order by borne.kind
             limit 1)
      from present
     where present.kind is not null
), found as (
    select next.position
      from present
     cross join lateral (
           select borne.position
             from vialog.event_tag as borne
            where borne.tag = %(tag)s and borne.kind = present.kind and borne.position > %(after)s
            order by borne.position
            limit %(limit)s) as next
     where %(kinds)b::text[] = '{}' or present.kind = any (%(kinds)b::text[])
     order by next.position
     limit %(limit)s
)
select position, recorded, statement::text, kind, entry, leaf
  from found
  join vialog.event using (position)
 order by position;

-- name: about_any
-- The next positions of events that bear one of some tags, each once, and the events themselves of the first of them: to go through all tags for
-- each page of events would cost more than these. With each tag the number of a choice of kinds, or 0: all. The choices follow, as pairs of number
-- and kind: carried along as arrays they would cost more than all else here. Goes through each tag as "about" does through one.
with recursive present (tag, choice, kind) as (
    select wanted.tag, wanted.choice,
           (select borne.kind from vialog.event_tag as borne where borne.tag = wanted.tag order by borne.kind limit 1)
      from unnest(%(tags)b::text[], %(chosen)b::smallint[]) as wanted (tag, choice)
    union all
    select present.tag, present.choice,
           (select borne.kind
              from vialog.event_tag as borne
             where borne.tag = present.tag and borne.kind > present.kind
             order by borne.kind
             limit 1)
      from present
     where present.kind is not null
), found as (
    select distinct next.position
      from present
     cross join lateral (
           select borne.position
             from vialog.event_tag as borne
            where borne.tag = present.tag and borne.kind = present.kind and borne.position > %(after)s
            order by borne.position
            limit %(places)s) as next
     where present.choice = 0
        or (present.choice, present.kind) in (select * from unnest(%(choices)b::smallint[], %(kinds)b::text[]))
     order by next.position
     limit %(places)s
), placed as (
    select position, row_number() over (order by position) as place from found
)
select placed.position, recorded, statement::text, kind, entry, leaf
  from placed
  left join vialog.event on event.position = placed.position and placed.place <= %(limit)s
 order by placed.position;

-- name: placed
-- The events at some positions.
select position, recorded, statement::text, kind, entry, leaf
  from vialog.event
 where position = any (%(positions)b::bigint[])
 order by position;

-- name: append
-- Add events behind the head, in the order given, with their tags, and kinds that are new; move the head, and wake whoever waits for it once
-- this is committed. All of it, or nothing and no row in answer where a statement is recorded already. An event's tags
-- come as one text with spaces between them: an array of all of them would cost more to write than all else here.
with added as materialized (
    select %(head)s::bigint + place as position, statement, kind, entry, leaf, tags
      from unnest(%(statements)b::text[]::uuid[], %(kinds)b::text[], %(entries)b::bytea[], %(leaves)b::bytea[], %(tags)b::text[])
           with ordinality as added (statement, kind, entry, leaf, tags, place)
     where not exists (select from vialog.event where statement = any (%(statements)b::text[]::uuid[]))
), named as (
    insert into vialog.kind (kind)
    select distinct kind from added where not exists (select from vialog.kind as known where known.kind = added.kind)
), kept as (
    insert into vialog.event (position, statement, kind, recorded, entry, leaf)
    select position, statement, kind, %(recorded)s, entry, leaf from added
), borne as (
    insert into vialog.event_tag (tag, kind, position)
    select tag, kind, position from added cross join string_to_table(tags, ' ') as tag
), moved as (
    update vialog.head
       set position = (select max(position) from added), recorded = %(recorded)s
     where exists (select from added)
    returning position
)
select pg_notify('vialog_head', moved.position::text) from moved;

-- name: insert_disclosures
-- Keep disclosures beside their statements.
insert into vialog.disclosure (statement, digest, disclosed)
select statement, digest, disclosed
  from unnest(%(statements)b::text[]::uuid[], %(digests)b::text[], %(disclosed)b::text[])
       as added (statement, digest, disclosed);

-- name: listen
-- Ask to be woken when the head moves.
listen vialog_head;

-- name: disclosures
-- What is kept beside a statement.
select disclosed from vialog.disclosure where statement = %(statement)s::uuid order by digest;

-- name: erase
-- Erase disclosures for ever.
delete from vialog.disclosure where digest = any (%(digests)b::text[]);
