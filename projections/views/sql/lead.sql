-- Leads: statements that answers over the whole log begin at. hours: whole ones between the act and when it was told.

-- name: table
create table lead (
    statement text collate "C" not null,
    what text collate "C" not null,
    position bigint not null,
    hours bigint not null
);

-- name: indexes
alter table lead add primary key (statement, what);
create index on lead (what, hours);
analyze lead;

-- name: load
copy lead from stdin;

-- name: clear
delete from lead where statement = any (%(subjects)s);

-- name: write
insert into lead
select * from unnest(%(statement)s::text[], %(what)s::text[], %(position)s::bigint[], %(hours)s::bigint[])
    on conflict (statement, what) do update set position = excluded.position, hours = excluded.hours;

-- name: all
-- Every row, in the order of the key.
select * from lead order by statement, what;

-- name: page
-- The rows behind a statement, those of a statement all together.
select * from lead where statement > %(after)s order by statement, what limit %(limit)s;

-- name: of_sort
-- The statements that are leads of some sorts, told so many hours after their acts at least.
select statement from lead where what = any (%(sorts)s) and hours >= %(hours)s;
