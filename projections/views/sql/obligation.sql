-- Obligations: what each subject's chain makes somebody owe, by what is told. about: the subject, what else it is about, and
-- the parties. ended: met or lapsed, by which act. paused_since: where the clock stands. settled_at: the newest of its acts.

-- name: table
create table obligation (
    subject text collate "C" not null,
    duty text collate "C" not null,
    opened_by bigint not null,
    key text collate "C" not null,
    about text[] not null,
    concerns text[] not null,
    debtor text collate "C",
    creditor text collate "C",
    opened_at timestamptz not null,
    since timestamptz not null,
    due timestamptz,
    until timestamptz,
    edition text not null,
    estimate boolean not null,
    paused_since timestamptz,
    ended text,
    ended_at timestamptz,
    ended_by bigint,
    settled_at timestamptz not null
);

-- name: indexes
alter table obligation add primary key (subject, duty, opened_by, key);
create index on obligation (coalesce(due, 'infinity'), opened_by, duty, subject, key) where ended is null;
create index on obligation (duty, ended);
create index on obligation (settled_at);
create index on obligation using gin (about);
-- No query narrows by these, and of lists it is dear to know what is frequent in them.
alter table obligation alter concerns set statistics 0, alter creditor set statistics 0, alter opened_at set statistics 0,
    alter since set statistics 0, alter edition set statistics 0, alter estimate set statistics 0,
    alter ended_by set statistics 0;
analyze obligation;

-- name: load
copy obligation from stdin;

-- name: clear
delete from obligation where subject = any (%(subjects)s);

-- name: write
insert into obligation
select subject, duty, opened_by, key, string_to_array(about, E'\x1f'), string_to_array(concerns, E'\x1f'), debtor,
       creditor, opened_at, since, due, until, edition, estimate, paused_since, ended, ended_at, ended_by, settled_at
  from unnest(%(subject)s::text[], %(duty)s::text[], %(opened_by)s::bigint[], %(key)s::text[], %(about)s::text[],
              %(concerns)s::text[], %(debtor)s::text[], %(creditor)s::text[], %(opened_at)s::timestamptz[],
              %(since)s::timestamptz[], %(due)s::timestamptz[], %(until)s::timestamptz[], %(edition)s::text[],
              %(estimate)s::boolean[], %(paused_since)s::timestamptz[], %(ended)s::text[],
              %(ended_at)s::timestamptz[], %(ended_by)s::bigint[], %(settled_at)s::timestamptz[])
       as written (subject, duty, opened_by, key, about, concerns, debtor, creditor, opened_at, since, due, until,
                   edition, estimate, paused_since, ended, ended_at, ended_by, settled_at)
    on conflict (subject, duty, opened_by, key) do update
   set about = excluded.about, concerns = excluded.concerns, debtor = excluded.debtor, creditor = excluded.creditor,
       opened_at = excluded.opened_at, since = excluded.since, due = excluded.due, until = excluded.until,
       edition = excluded.edition, estimate = excluded.estimate, paused_since = excluded.paused_since,
       ended = excluded.ended, ended_at = excluded.ended_at, ended_by = excluded.ended_by,
       settled_at = excluded.settled_at;

-- name: all
-- Every row, in the order of the key.
select * from obligation order by subject, duty, opened_by, key;

-- name: page
-- The rows behind a subject, those of a subject all together.
select * from obligation where subject > %(after)s order by subject, duty, opened_by, key limit %(limit)s;

-- name: later_acts
-- Whether an act is known that happened after an instant, so that how it stood then is not what the rows say.
select exists (select from obligation where settled_at > %(at)s);

-- name: due_of
-- Where an obligation stands by its date.
select coalesce(due, 'infinity')::text from obligation
 where subject = %(subject)s and duty = %(duty)s and opened_by = %(opened_by)s and key = %(key)s;

-- name: unended
-- What is owed at an instant, or overdue: a page by dates, those without one last. standing: null: whatever has not ended.
select * from obligation
 where ended is null and not coalesce(paused_since is null and until < %(at)s, false)
   and (%(duty)s::text is null or duty = %(duty)s)
   and about @> %(about)s::text[]
   and case %(standing)s::text
       when 'open' then paused_since is null and due is null
       when 'due' then paused_since is null and due is not null
       when 'paused' then paused_since is not null
       when 'overdue' then due < %(at)s and (paused_since is null or paused_since > due)
       else true end
   and (%(district)s::text is null
        or exists (select from party where district = %(district)s and party = any (about))
        or exists (select from site where district = %(district)s and site = any (about))
        or exists (select from approval where district = %(district)s and approval = any (about)))
   and (%(after_due)s::timestamptz is null
        or (coalesce(due, 'infinity'), opened_by, duty, subject, key)
           > (%(after_due)s::timestamptz, %(after_opened)s::bigint, %(after_duty)s::text, %(after_subject)s::text,
              %(after_key)s::text))
 order by coalesce(due, 'infinity'), opened_by, duty, subject, key
 limit %(limit)s;

-- name: unended_counted
-- How many there are in all.
select count(*) from obligation
 where ended is null and not coalesce(paused_since is null and until < %(at)s, false)
   and (%(duty)s::text is null or duty = %(duty)s)
   and about @> %(about)s::text[]
   and case %(standing)s::text
       when 'open' then paused_since is null and due is null
       when 'due' then paused_since is null and due is not null
       when 'paused' then paused_since is not null
       when 'overdue' then due < %(at)s and (paused_since is null or paused_since > due)
       else true end
   and (%(district)s::text is null
        or exists (select from party where district = %(district)s and party = any (about))
        or exists (select from site where district = %(district)s and site = any (about))
        or exists (select from approval where district = %(district)s and approval = any (about)));

-- name: ended
-- What was met, or lapsed by law or with its time: a page by dates, those without one last.
select * from obligation
 where (ended = %(standing)s or (%(standing)s = 'lapsed' and ended is null and paused_since is null and until < %(at)s))
   and (%(duty)s::text is null or duty = %(duty)s)
   and about @> %(about)s::text[]
   and (%(district)s::text is null
        or exists (select from party where district = %(district)s and party = any (about))
        or exists (select from site where district = %(district)s and site = any (about))
        or exists (select from approval where district = %(district)s and approval = any (about)))
   and (%(after_due)s::timestamptz is null
        or (coalesce(due, 'infinity'), opened_by, duty, subject, key)
           > (%(after_due)s::timestamptz, %(after_opened)s::bigint, %(after_duty)s::text, %(after_subject)s::text,
              %(after_key)s::text))
 order by coalesce(due, 'infinity'), opened_by, duty, subject, key
 limit %(limit)s;

-- name: ended_counted
-- How many there are in all.
select count(*) from obligation
 where (ended = %(standing)s or (%(standing)s = 'lapsed' and ended is null and paused_since is null and until < %(at)s))
   and (%(duty)s::text is null or duty = %(duty)s)
   and about @> %(about)s::text[]
   and (%(district)s::text is null
        or exists (select from party where district = %(district)s and party = any (about))
        or exists (select from site where district = %(district)s and site = any (about))
        or exists (select from approval where district = %(district)s and approval = any (about)));

-- name: owing
-- What has not ended, and where it stands by its date, those without one last. about: ids, all of which it is about; duty:
-- null: every duty.
select subject, duty, opened_by, key, due, due < %(at)s and (paused_since is null or paused_since > due)
  from obligation
 where ended is null and not coalesce(paused_since is null and until < %(at)s, false)
   and (%(duty)s::text is null or duty = %(duty)s)
   and about @> %(about)s::text[]
   and (%(after_due)s::timestamptz is null
        or (coalesce(due, 'infinity'), opened_by, duty, subject, key)
           > (%(after_due)s::timestamptz, %(after_opened)s::bigint, %(after_duty)s::text, %(after_subject)s::text,
              %(after_key)s::text))
 order by coalesce(due, 'infinity'), opened_by, duty, subject, key
 limit %(limit)s;

-- name: owed_at
-- Whose chain owes something under a duty at an instant, or does by what is told of it up to then.
-- No act of one is newer than it is settled: so what ended since is found among what was settled since.
select subject from obligation where duty = %(duty)s and ended is null
 union
select subject from obligation where settled_at >= %(at)s and duty = %(duty)s and ended_at >= %(at)s;

-- name: overdue_at
-- Whose chain owes something whose date has passed at an instant, under a duty whose dates nothing moves or draws out.
select subject from obligation where ended is null and coalesce(due, 'infinity') < %(at)s and duty = %(duty)s
 union
select subject from obligation
 where settled_at >= %(at)s and duty = %(duty)s and ended_at >= %(at)s and due < %(at)s;

-- name: late_at
-- Whose chain owes something whose date has passed at an instant, or owed it until after its date, under such a duty.
select distinct subject from obligation
 where duty = %(duty)s and due < %(at)s and (ended_at is null or ended_at >= due);

-- name: owed_by_then
-- Whose chain owes something under a duty at an instant, with a date from one day to another, wherever that is told in days.
select distinct subject from obligation
 where duty = %(duty)s and (ended_at is null or ended_at >= %(at)s)
   and due between %(first)s::date - interval '2 days' and %(last)s::date + interval '3 days';

-- name: of_duty
-- In whose chains something is or was owed under a duty.
select distinct subject from obligation where duty = %(duty)s;

-- name: of_debtor
-- In whose chains a party owes something, or did.
select distinct subject from obligation where debtor = %(debtor)s and about @> array[%(debtor)s::text];

-- name: late_of_debtor
-- In whose chains a party owes something with a date of a time, its ends included, that was not done by that date.
select distinct subject from obligation
 where debtor = %(debtor)s and about @> array[%(debtor)s::text]
   and due between %(since)s and %(until)s and (ended_at is null or ended_at > due);

-- name: falling
-- What has not ended and is overdue at an instant, or has its date up to another while its clock runs; by its dates.
select subject, duty, opened_by, key, due, debtor, creditor, due < %(at)s
  from obligation
 where ended is null and coalesce(due, 'infinity') <= %(until)s
   and not coalesce(paused_since is null and until < %(at)s, false)
   and (paused_since is null or (due < %(at)s and paused_since > due))
 order by coalesce(due, 'infinity'), opened_by, duty, subject, key;

-- name: next_date
-- The first date behind an instant, of what has not ended.
select min(due) from obligation where ended is null and coalesce(due, 'infinity') >= %(at)s and due is not null;

-- name: standing_while_owed
-- Some items that stand in a site for which something is owed that has not ended.
select item from position
 where site = %(subject)s
   and exists (select from obligation
                where subject = %(subject)s and duty = %(duty)s and opened_by = %(opened_by)s and key = %(key)s
                  and ended is null)
 limit 20;

-- name: unended_of
-- What a subject owes that has not ended, by whatever date, and since when.
select opened_by, duty, subject, key, opened_at from obligation where subject = %(subject)s and ended is null;

-- name: acted_later
-- In whose chains an act is known that happened after an instant, so that how it stood then is not what the rows say.
select distinct subject from obligation where settled_at > %(at)s limit %(limit)s;
