-- Approvals. sites: those that it names. lines: how many it has; each of them is a row of the view of lines.

-- name: table
create table approval (
    approval text collate "C" not null,
    number text not null,
    status text not null,
    direction text not null,
    applicant text collate "C",
    grade text,
    valid_from date,
    valid_to date,
    sites text[] not null,
    district text,
    lines bigint not null,
    sort_key text collate "C" not null
);

-- name: indexes
alter table approval add primary key (approval);
create index on approval (sort_key, approval);
create index on approval (applicant);
create index on approval (district);
create index on approval using gin (sites);
analyze approval;

-- name: load
copy approval from stdin;

-- name: clear
delete from approval where approval = any (%(subjects)s);

-- name: write
insert into approval
select approval, number, status, direction, applicant, grade, valid_from, valid_to, string_to_array(sites, E'\x1f'),
       district, lines, sort_key
  from unnest(%(approval)s::text[], %(number)s::text[], %(status)s::text[], %(direction)s::text[],
              %(applicant)s::text[], %(grade)s::text[], %(valid_from)s::date[], %(valid_to)s::date[],
              %(sites)s::text[], %(district)s::text[], %(lines)s::bigint[], %(sort_key)s::text[])
       as written (approval, number, status, direction, applicant, grade, valid_from, valid_to, sites, district,
                   lines, sort_key)
    on conflict (approval) do update
   set number = excluded.number, status = excluded.status, direction = excluded.direction,
       applicant = excluded.applicant, grade = excluded.grade, valid_from = excluded.valid_from,
       valid_to = excluded.valid_to, sites = excluded.sites, district = excluded.district, lines = excluded.lines,
       sort_key = excluded.sort_key;

-- name: all
-- Every row, in the order of the key.
select * from approval order by approval;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from approval where approval > %(after)s order by approval limit %(limit)s;

-- name: not_over
-- The approvals that nobody withdrew and whose last day may not be over at an instant, wherever that is told in days.
select approval from approval
 where status <> 'withdrawn' and (valid_to is null or valid_to >= (%(at)s::timestamptz - interval '2 days')::date);

-- name: every
-- All approvals.
select approval from approval;

-- name: of_status
-- The approvals of a status.
select approval from approval where status = %(status)s;

-- name: of_party
-- The approvals that a party applied for.
select approval from approval where applicant = %(party)s;

-- name: listed
-- A page of the list, as people count names. after: the last one of the page before; null: it is the first.
select approval.sort_key, approval.approval from approval
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or applicant = %(party)s)
   and (%(site)s::text is null or sites @> array[%(site)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = approval.approval and strpos(keys, %(text)s::text) > 0))
   and (%(after)s::text is null
        or (approval.sort_key, approval.approval)
           > (select approval.sort_key, approval.approval from approval where approval.approval = %(after)s))
 order by approval.sort_key, approval.approval
 limit %(limit)s;

-- name: counted
-- How many the list has in all.
select count(*) from approval
 where (%(status)s::text is null or status = %(status)s)
   and (%(party)s::text is null or applicant = %(party)s)
   and (%(site)s::text is null or sites @> array[%(site)s::text])
   and (%(text)s::text is null
        or exists (select from name where subject = approval.approval and strpos(keys, %(text)s::text) > 0));

-- name: naming
-- The approvals that name one of some sites.
select approval from approval where sites && %(sites)s::text[];
