-- Items. One row an item. whereabouts: how it is there, null of one that is not on hand. receiver: to whom
-- it is handed over and who has not answered. Names are not qualified, because the schema is the one that is followed or the one being made.

-- name: table
create table item (
    item text collate "C" not null,
    label text,
    status text not null,
    amount numeric,
    unit text,
    place text,
    site text collate "C",
    custodian text collate "C",
    whereabouts text,
    receiver text collate "C",
    consignments text[] not null,
    approvals text[] not null,
    holds text[] not null,
    sort_key text collate "C" not null
);

-- name: indexes
alter table item add primary key (item);
create index on item (sort_key, item);
create index on item (site);
create index on item (custodian);
create index on item using gin (approvals);
create index on item using gin (consignments);
analyze item;

-- name: load
copy item from stdin;

-- name: clear
delete from item where item = any (%(subjects)s);

-- name: write
-- Lists come as texts with U+001F between their words, which no word has: an array of arrays has one length for all.
insert into item
select item, label, status, amount, unit, place, site, custodian, whereabouts, receiver,
       string_to_array(consignments, E'\x1f'), string_to_array(approvals, E'\x1f'), string_to_array(holds, E'\x1f'), sort_key
  from unnest(%(item)s::text[], %(label)s::text[], %(status)s::text[], %(amount)s::numeric[], %(unit)s::text[],
              %(place)s::text[], %(site)s::text[], %(custodian)s::text[], %(whereabouts)s::text[],
              %(receiver)s::text[], %(consignments)s::text[], %(approvals)s::text[], %(holds)s::text[], %(sort_key)s::text[])
       as written (item, label, status, amount, unit, place, site, custodian, whereabouts, receiver, consignments,
                   approvals, holds, sort_key)
    on conflict (item) do update
   set label = excluded.label, status = excluded.status, amount = excluded.amount, unit = excluded.unit,
       place = excluded.place, site = excluded.site, custodian = excluded.custodian,
       whereabouts = excluded.whereabouts, receiver = excluded.receiver,
       consignments = excluded.consignments, approvals = excluded.approvals, holds = excluded.holds,
       sort_key = excluded.sort_key;

-- name: all
-- Every row, in the order of the key.
select * from item order by item;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from item where item > %(after)s order by item limit %(limit)s;

-- name: in_no_hands
-- Items that nobody has, and that are in none of some statuses.
select item from item where custodian is null and status <> all (%(over)s);

-- name: on_offer
-- Items that somebody handed over and whose receiver has not answered.
select item from item where receiver is not null;

-- name: unmeasured
-- What the items came in under that are on hand and of no known amount.
select distinct unnest(approvals) from item where amount is null and whereabouts is not null;

-- name: of_status
-- The items of a status.
select item from item where status = %(status)s;

-- name: of_party
-- The items that a party has.
select item from item where custodian = %(party)s;

-- name: listed
-- A page of the list, as people count names. after: the last one of the page before; null: it is the first.
select sort_key, item from item
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or custodian = %(party)s)
   and (%(site)s::text is null or site = %(site)s)
   and (%(consignment)s::text is null or consignments @> array[%(consignment)s::text])
   and (%(approval)s::text is null or approvals @> array[%(approval)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = item and strpos(keys, %(text)s::text) > 0))
   and (%(after)s::text is null or (sort_key, item) > (select sort_key, item from item where item = %(after)s))
 order by sort_key, item
 limit %(limit)s;

-- name: counted
-- How many the list has in all.
select count(*) from item
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or custodian = %(party)s)
   and (%(site)s::text is null or site = %(site)s)
   and (%(consignment)s::text is null or consignments @> array[%(consignment)s::text])
   and (%(approval)s::text is null or approvals @> array[%(approval)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = item and strpos(keys, %(text)s::text) > 0));

-- name: seen
-- The next places of the list behind one, those that items had before they were labelled again among them: where an item
-- stands for a reader is by what they are told. behind: (sort_key, item); nulls: it begins at the first.
select sort_key, item
  from ((select sort_key, item from item
          where (%(behind)s::text is null or (sort_key, item) > (%(behind)s::text, %(after)s::text))
            and (%(consignment)s::text is null or consignments @> array[%(consignment)s::text])
            and (%(approval)s::text is null or approvals @> array[%(approval)s::text])
            and (%(text)s::text is null
                 or exists (select from name where subject = item and strpos(keys, %(text)s::text) > 0))
          order by sort_key, item limit %(limit)s)
        union all
        (select former.sort_key, former.item from former join item using (item)
          where (%(behind)s::text is null or (former.sort_key, former.item) > (%(behind)s::text, %(after)s::text))
            and (%(consignment)s::text is null or consignments @> array[%(consignment)s::text])
            and (%(approval)s::text is null or approvals @> array[%(approval)s::text])
            and (%(text)s::text is null
                 or exists (select from name where subject = item and strpos(keys, %(text)s::text) > 0))
          order by former.sort_key, former.item limit %(limit)s)) as placed
 order by sort_key, item
 limit %(limit)s;

-- name: held
-- Items on which a hold stands, and that are in none of some statuses.
select item from item where holds <> '{}' and status <> all (%(over)s);
