-- Consignments. connected: the parties that the announcement names. items, released, received, missing: how many were listed, let
-- go by customs, received by a laboratory, and stated missing there and not received since.

-- name: table
create table consignment (
    consignment text collate "C" not null,
    status text not null,
    route text not null,
    applicant text collate "C",
    consignee text collate "C",
    destination text collate "C",
    connected text[] not null,
    approvals text[] not null,
    items bigint not null,
    released bigint not null,
    received bigint not null,
    missing bigint not null,
    announced_at timestamptz,
    arrived_on timestamptz,
    declared_on date,
    released_on timestamptz,
    holds text[] not null
);

-- name: indexes
alter table consignment add primary key (consignment);
create index on consignment (destination);
create index on consignment using gin (connected);
create index on consignment using gin (approvals);
analyze consignment;

-- name: load
copy consignment from stdin;

-- name: clear
delete from consignment where consignment = any (%(subjects)s);

-- name: write
insert into consignment
select consignment, status, route, applicant, consignee, destination, string_to_array(connected, E'\x1f'),
       string_to_array(approvals, E'\x1f'), items, released, received, missing, announced_at, arrived_on, declared_on, released_on, string_to_array(holds, E'\x1f')
  from unnest(%(consignment)s::text[], %(status)s::text[], %(route)s::text[], %(applicant)s::text[],
              %(consignee)s::text[], %(destination)s::text[], %(connected)s::text[],
              %(approvals)s::text[], %(items)s::bigint[],
              %(released)s::bigint[], %(received)s::bigint[], %(missing)s::bigint[], %(announced_at)s::timestamptz[],
              %(arrived_on)s::timestamptz[], %(declared_on)s::date[], %(released_on)s::timestamptz[], %(holds)s::text[])
       as written (consignment, status, route, applicant, consignee, destination, connected,
                   approvals, items, released, received, missing, announced_at, arrived_on, declared_on, released_on, holds)
    on conflict (consignment) do update
   set status = excluded.status, route = excluded.route, applicant = excluded.applicant,
       consignee = excluded.consignee, destination = excluded.destination,
       connected = excluded.connected, approvals = excluded.approvals,
       items = excluded.items, released = excluded.released, received = excluded.received, missing = excluded.missing,
       announced_at = excluded.announced_at, arrived_on = excluded.arrived_on, declared_on = excluded.declared_on,
       released_on = excluded.released_on, holds = excluded.holds;

-- name: all
-- Every row, in the order of the key.
select * from consignment order by consignment;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from consignment where consignment > %(after)s order by consignment limit %(limit)s;

-- name: of_party
-- The consignments that a party applied for or is to get.
select consignment from consignment where %(party)s in (applicant, consignee);

-- name: listed
-- A page of the list, as people count names. after: the last one of the page before; null: it is the first.
select name.sort_key, consignment.consignment from consignment join name on name.subject = consignment
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or connected @> array[%(party)s::text])
   and (%(site)s::text is null or destination = %(site)s)
   and (%(approval)s::text is null or approvals @> array[%(approval)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = consignment.consignment and strpos(keys, %(text)s::text) > 0))
   and (%(after)s::text is null
        or (name.sort_key, consignment.consignment)
           > (select sort_key, subject from name where subject = %(after)s))
 order by name.sort_key, consignment.consignment
 limit %(limit)s;

-- name: counted
-- How many the list has in all.
select count(*) from consignment
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or connected @> array[%(party)s::text])
   and (%(site)s::text is null or destination = %(site)s)
   and (%(approval)s::text is null or approvals @> array[%(approval)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = consignment.consignment and strpos(keys, %(text)s::text) > 0));

-- name: held
-- Consignments on which a hold stands.
select consignment from consignment where holds <> '{}';
