-- Sites. items: how many stand in their positions.

-- name: table
create table site (
    site text collate "C" not null,
    party text collate "C",
    use text not null,
    level integer,
    active boolean not null,
    district text,
    certificate_to date,
    items bigint not null
);

-- name: indexes
alter table site add primary key (site);
create index on site (party);
create index on site (district);
analyze site;

-- name: load
copy site from stdin;

-- name: clear
delete from site where site = any (%(subjects)s);

-- name: write
insert into site
select *
  from unnest(%(site)s::text[], %(party)s::text[], %(use)s::text[], %(level)s::integer[], %(active)s::boolean[],
              %(district)s::text[], %(certificate_to)s::date[], %(items)s::bigint[])
    on conflict (site) do update
   set party = excluded.party, use = excluded.use, level = excluded.level, active = excluded.active,
       district = excluded.district, certificate_to = excluded.certificate_to, items = excluded.items;

-- name: all
-- Every row, in the order of the key.
select * from site order by site;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from site where site > %(after)s order by site limit %(limit)s;

-- name: listed
-- A page of the list, as people count names. after: the last one of the page before; null: it is the first.
select name.sort_key, site.site from site join name on name.subject = site
 where (%(status)s::text is null or use = %(status)s)
   and (%(party)s::text is null or party = %(party)s)
   and (%(text)s::text is null
        or exists (select from name where subject = site.site and strpos(keys, %(text)s::text) > 0))
   and (%(after)s::text is null
        or (name.sort_key, site.site)
           > (select sort_key, subject from name where subject = %(after)s))
 order by name.sort_key, site.site
 limit %(limit)s;

-- name: counted
-- How many the list has in all.
select count(*) from site
 where (%(status)s::text is null or use = %(status)s)
   and (%(party)s::text is null or party = %(party)s)
   and (%(text)s::text is null
        or exists (select from name where subject = site.site and strpos(keys, %(text)s::text) > 0));
