-- What obligations rest on: the other subjects that those of a subject ask for, and as of when at the latest. What is told of
-- one of these to have happened up to then makes the subject's obligations anew.

-- name: table
create table resting (
    subject text collate "C" not null,
    rests_on text collate "C" not null,
    until timestamptz not null
);

-- name: indexes
alter table resting add primary key (subject, rests_on);
create index on resting (rests_on, until);
analyze resting;

-- name: load
copy resting from stdin;

-- name: clear
delete from resting where subject = any (%(subjects)s);

-- name: write
insert into resting
select * from unnest(%(subject)s::text[], %(rests_on)s::text[], %(until)s::timestamptz[])
    on conflict (subject, rests_on) do update set until = excluded.until;

-- name: all
-- Every row, in the order of the key.
select * from resting order by subject, rests_on;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from resting where subject > %(after)s order by subject, rests_on limit %(limit)s;

-- name: whose
-- Whose obligations rest on some subjects as they were at an instant or later.
select distinct resting.subject
  from unnest(%(tags)s::text[], %(instants)s::timestamptz[]) as changed (tag, instant)
  join resting on resting.rests_on = changed.tag and resting.until >= changed.instant;
