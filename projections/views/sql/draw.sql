-- Draws: declarations, and releases that write something off, of each approval. uncovered: that it may not have covered a
-- declaration, by whichever calendar. single, grade: of a release, whether the approval allowed one use then, and its grade.

-- name: table
create table draw (
    approval text collate "C" not null,
    position bigint not null,
    kind text not null,
    uncovered boolean,
    single boolean,
    grade text,
    edition text not null
);

-- name: indexes
alter table draw add primary key (approval, position);
create index on draw (approval) where uncovered;
analyze draw;

-- name: load
copy draw from stdin;

-- name: clear
delete from draw where approval = any (%(subjects)s);

-- name: write
insert into draw
select *
  from unnest(%(approval)s::text[], %(position)s::bigint[], %(kind)s::text[], %(uncovered)s::boolean[],
              %(single)s::boolean[], %(grade)s::text[], %(edition)s::text[])
    on conflict (approval, position) do update
   set kind = excluded.kind, uncovered = excluded.uncovered, single = excluded.single, grade = excluded.grade,
       edition = excluded.edition;

-- name: all
-- Every row, in the order of the key.
select * from draw order by approval, position;

-- name: page
-- The rows behind an approval, those of an approval all together.
select * from draw where approval > %(after)s order by approval, position limit %(limit)s;

-- name: uncovered
-- The approvals that may not have covered some declaration.
select distinct approval from draw where uncovered;

-- name: declared
-- The approvals under which anything was declared.
select distinct approval from draw where uncovered is not null;

-- name: single_use
-- The approvals that were written off more than once and may have allowed one use: by themselves, by a grade that some
-- edition has written off at once, or by one of which an edition says that is not known.
select approval from draw
 where single is not null
 group by approval
having count(*) > 1 and bool_or(single or grade = any (%(grades)s) or (grade is not null and edition <> all (%(known)s)));

-- name: released
-- The approvals that were written off more than once.
select approval from draw where single is not null group by approval having count(*) > 1;
