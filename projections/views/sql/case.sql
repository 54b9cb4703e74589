-- Cases. items, done: how many one is about, and on how many of them it is carried out.

-- name: table
create table "case" (
    "case" text collate "C" not null,
    matter text not null,
    status text not null,
    party text collate "C",
    receiver text collate "C",
    site text collate "C",
    consignment text collate "C",
    approval text collate "C",
    items bigint not null,
    done bigint not null,
    opened_on timestamptz,
    due timestamptz,
    method text
);

-- name: indexes
alter table "case" add primary key ("case");
create index on "case" (party);
create index on "case" (receiver);
create index on "case" (matter, status);
analyze "case";

-- name: load
copy "case" from stdin;

-- name: clear
delete from "case" where "case" = any (%(subjects)s);

-- name: write
insert into "case"
select *
  from unnest(%(case)s::text[], %(matter)s::text[], %(status)s::text[], %(party)s::text[], %(receiver)s::text[],
              %(site)s::text[], %(consignment)s::text[], %(approval)s::text[], %(items)s::bigint[],
              %(done)s::bigint[], %(opened_on)s::timestamptz[], %(due)s::timestamptz[], %(method)s::text[])
    on conflict ("case") do update
   set matter = excluded.matter, status = excluded.status, party = excluded.party, receiver = excluded.receiver,
       site = excluded.site, consignment = excluded.consignment, approval = excluded.approval, items = excluded.items,
       done = excluded.done, opened_on = excluded.opened_on, due = excluded.due, method = excluded.method;

-- name: all
-- Every row, in the order of the key.
select * from "case" order by "case";

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from "case" where "case" > %(after)s order by "case" limit %(limit)s;

-- name: listed
-- A page of the list, as people count names. after: the last one of the page before; null: it is the first.
select name.sort_key, "case"."case" from "case" join name on name.subject = "case"."case"
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or %(party)s in (party, receiver))
   and (%(site)s::text is null or site = %(site)s)
   and (%(consignment)s::text is null or consignment = %(consignment)s)
   and (%(approval)s::text is null or approval = %(approval)s)
   and (%(text)s::text is null
        or exists (select from name where subject = "case"."case" and strpos(keys, %(text)s::text) > 0))
   and (%(after)s::text is null
        or (name.sort_key, "case"."case")
           > (select sort_key, subject from name where subject = %(after)s))
 order by name.sort_key, "case"."case"
 limit %(limit)s;

-- name: counted
-- How many the list has in all.
select count(*) from "case"
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or %(party)s in (party, receiver))
   and (%(site)s::text is null or site = %(site)s)
   and (%(consignment)s::text is null or consignment = %(consignment)s)
   and (%(approval)s::text is null or approval = %(approval)s)
   and (%(text)s::text is null
        or exists (select from name where subject = "case"."case" and strpos(keys, %(text)s::text) > 0));

-- name: of_matters
-- The cases of some matters.
select "case" from "case" where matter = any (%(matters)s);

-- name: open_of_matters
-- The cases of some matters that are not closed.
select "case" from "case" where matter = any (%(matters)s) and status <> 'closed';
