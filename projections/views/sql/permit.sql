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
    items bigint not null
);

-- name: indexes
alter table permit add primary key (permit);
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
       string_to_array(permits, E'\x1f'), items
  from unnest(%(permit)s::text[], %(number)s::text[], %(scheme)s::text[], %(status)s::text[], %(holder)s::text[],
              %(issuer)s::text[], %(valid_from)s::date[], %(valid_to)s::date[], %(approvals)s::text[],
              %(permits)s::text[], %(items)s::bigint[])
       as written (permit, number, scheme, status, holder, issuer, valid_from, valid_to, approvals, permits, items)
    on conflict (permit) do update
   set number = excluded.number, scheme = excluded.scheme, status = excluded.status, holder = excluded.holder,
       issuer = excluded.issuer, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
       approvals = excluded.approvals, permits = excluded.permits, items = excluded.items;

-- name: all
-- Every row, in the order of the key.
select * from permit order by permit;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from permit where permit > %(after)s order by permit limit %(limit)s;
