-- Approval lines. factors: by the base unit of another dimension, how many approved units one such unit is.

-- name: table
create table line (
    approval text collate "C" not null,
    line integer not null,
    product text not null,
    unit text not null,
    approved numeric not null,
    reserved numeric not null,
    entered numeric not null,
    remaining numeric not null,
    lapsed boolean not null,
    factors text[] not null
);

-- name: indexes
alter table line add primary key (approval, line);
analyze line;

-- name: load
copy line from stdin;

-- name: clear
delete from line where approval = any (%(subjects)s);

-- name: write
insert into line
select approval, line, product, unit, approved, reserved, entered, remaining, lapsed, string_to_array(factors, E'\x1f')
  from unnest(%(approval)s::text[], %(line)s::integer[], %(product)s::text[], %(unit)s::text[],
              %(approved)s::numeric[], %(reserved)s::numeric[], %(entered)s::numeric[], %(remaining)s::numeric[],
              %(lapsed)s::boolean[], %(factors)s::text[])
       as written (approval, line, product, unit, approved, reserved, entered, remaining, lapsed, factors)
    on conflict (approval, line) do update
   set product = excluded.product, unit = excluded.unit, approved = excluded.approved, reserved = excluded.reserved,
       entered = excluded.entered, remaining = excluded.remaining, lapsed = excluded.lapsed,
       factors = excluded.factors;

-- name: all
-- Every row, in the order of the key.
select * from line order by approval, line;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from line where approval > %(after)s order by approval, line limit %(limit)s;
