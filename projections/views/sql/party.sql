-- Parties. district, department, office: of an authority, where it belongs since its newest act.

-- name: table
create table party (
    party text collate "C" not null,
    name text not null,
    name_zh text,
    roles text[] not null,
    natural_person boolean not null,
    department text,
    district text,
    office text,
    registration text,
    business text[] not null,
    sort_key text collate "C" not null
);

-- name: indexes
alter table party add primary key (party);
create index on party (sort_key, party);
create index on party using gin (roles);
create index on party (district);
analyze party;

-- name: load
copy party from stdin;

-- name: clear
delete from party where party = any (%(subjects)s);

-- name: write
insert into party
select party, name, name_zh, string_to_array(roles, E'\x1f'), natural_person, department, district, office, registration,
       string_to_array(business, E'\x1f'), sort_key
  from unnest(%(party)s::text[], %(name)s::text[], %(name_zh)s::text[], %(roles)s::text[],
              %(natural_person)s::boolean[], %(department)s::text[], %(district)s::text[], %(office)s::text[],
              %(registration)s::text[], %(business)s::text[], %(sort_key)s::text[])
       as written (party, name, name_zh, roles, natural_person, department, district, office, registration, business,
                   sort_key)
    on conflict (party) do update
   set name = excluded.name, name_zh = excluded.name_zh, roles = excluded.roles, natural_person = excluded.natural_person,
       department = excluded.department, district = excluded.district, office = excluded.office,
       registration = excluded.registration, business = excluded.business, sort_key = excluded.sort_key;

-- name: all
-- Every row, in the order of the key.
select * from party order by party;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from party where party > %(after)s order by party limit %(limit)s;

-- name: listed
-- A page of the list, as people count names. after: the last one of the page before; null: it is the first.
select sort_key, party from party
 where (%(status)s::text is null or roles @> array[%(status)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = party and strpos(keys, %(text)s::text) > 0))
   and (%(after)s::text is null or (sort_key, party) > (select sort_key, party from party where party = %(after)s))
 order by sort_key, party
 limit %(limit)s;

-- name: counted
-- How many the list has in all.
select count(*) from party
 where (%(status)s::text is null or roles @> array[%(status)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = party and strpos(keys, %(text)s::text) > 0));

-- name: of_district
-- Who belongs to a district since their newest act, the district's own before its offices.
select party from party where district = %(district)s order by office is not null, department, sort_key, party
 limit %(limit)s;

-- name: every
-- All parties.
select party from party;
