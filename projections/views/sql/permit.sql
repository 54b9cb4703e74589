-- Permits. items: how many have been put under one.

-- name: table
create table permit (
    permit text collate "C" not null,
    number text not null,
    scheme text,
    status text not null,
    holder text collate "C",
    issuer text collate "C",
    valid_from date,
    valid_to date,
    approvals text[] not null,
    permits text[] not null,
    items bigint not null,
    sort_key text collate "C" not null
);

-- name: indexes
alter table permit add primary key (permit);
create index on permit (sort_key, permit);
create index on permit (holder);
create index on permit (issuer);
create index on permit using gin (approvals);
analyze permit;

-- name: load
copy permit from stdin;

-- name: clear
delete from permit where permit = any (%(subjects)s);

-- name: write
insert into permit
select permit, number, scheme, status, holder, issuer, valid_from, valid_to, string_to_array(approvals, E'\x1f'),
       string_to_array(permits, E'\x1f'), items, sort_key
  from unnest(%(permit)s::text[], %(number)s::text[], %(scheme)s::text[], %(status)s::text[], %(holder)s::text[],
              %(issuer)s::text[], %(valid_from)s::date[], %(valid_to)s::date[], %(approvals)s::text[],
              %(permits)s::text[], %(items)s::bigint[], %(sort_key)s::text[])
       as written (permit, number, scheme, status, holder, issuer, valid_from, valid_to, approvals, permits, items,
                   sort_key)
    on conflict (permit) do update
   set number = excluded.number, scheme = excluded.scheme, status = excluded.status, holder = excluded.holder,
       issuer = excluded.issuer, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
       approvals = excluded.approvals, permits = excluded.permits, items = excluded.items,
       sort_key = excluded.sort_key;

-- name: all
-- Every row, in the order of the key.
select * from permit order by permit;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from permit where permit > %(after)s order by permit limit %(limit)s;

-- name: of_party
-- The permits that a party holds.
select permit from permit where holder = %(party)s;

-- name: listed
-- A page of the list, as people count names. after: the last one of the page before; null: it is the first.
select sort_key, permit from permit
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or %(party)s in (holder, issuer))
   and (%(approval)s::text is null or approvals @> array[%(approval)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = permit and strpos(keys, %(text)s::text) > 0))
   and (%(after)s::text is null or (sort_key, permit) > (select sort_key, permit from permit where permit = %(after)s))
 order by sort_key, permit
 limit %(limit)s;

-- name: counted
-- How many the list has in all.
select count(*) from permit
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or %(party)s in (holder, issuer))
   and (%(approval)s::text is null or approvals @> array[%(approval)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = permit and strpos(keys, %(text)s::text) > 0));

-- name: running_out
-- The permits that nobody ended and whose last day lies between two days, both included.
select permit from permit where status <> 'ended' and valid_to between %(first)s and %(last)s;

-- name: resting_on
-- The permits that rest on one of some.
select permit from permit where permits && %(permits)s::text[];
