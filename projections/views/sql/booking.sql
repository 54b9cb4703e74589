-- Bookings: what an event changed of an item's amount, in base units, in the item's share of an approval line.
-- unit: the one that the amount is written in. An event may book two: what was missing and is lost.

-- name: table
create table booking (
    item text collate "C" not null,
    position bigint not null,
    approval text collate "C" not null,
    line integer not null,
    flow text collate "C" not null,
    unit text not null,
    base text not null,
    numerator numeric not null,
    denominator numeric not null
);

-- name: indexes
alter table booking add primary key (item, position, approval, line, flow);
analyze booking (item, approval, line, flow, base, denominator);

-- name: load
copy booking from stdin;

-- name: clear
delete from booking where item = any (%(subjects)s);

-- name: write
insert into booking
select *
  from unnest(%(item)s::text[], %(position)s::bigint[], %(approval)s::text[], %(line)s::integer[], %(flow)s::text[],
              %(unit)s::text[], %(base)s::text[], %(numerator)s::numeric[], %(denominator)s::numeric[])
    on conflict (item, position, approval, line, flow) do update
   set unit = excluded.unit, base = excluded.base, numerator = excluded.numerator, denominator = excluded.denominator;

-- name: all
-- Every row, in the order of the key.
select * from booking order by item, position, approval, line, flow;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from booking where item > %(after)s order by item, position, approval, line, flow limit %(limit)s;

-- name: sums
-- What was booked on each line by what it went in or out by; each denominator apart, so that nothing is divided, and each
-- way in which items are there now. unit: the one that came first.
select approval, line, base, flow, denominator, sum(numerator),
       (array_agg(booking.unit order by position, item))[1], min(position), whereabouts
  from booking left join item using (item)
 group by approval, line, base, flow, denominator, whereabouts
 order by approval, line, base, flow, denominator, whereabouts;
