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
