-- Notices: that something falls due soon, or is overdue. A notice names an obligation by what the log calls it and by its date;
-- how that stands is read from the log whenever somebody is told. The doors add notices and read them, and change none.

create table vialog_doors.notice (
    number bigint primary key check (number > 0),
    what text not null check (what in ('due-soon', 'overdue')),
    opened_by bigint not null check (opened_by > 0),
    duty text not null,
    subject text not null,
    key text not null,
    due timestamptz not null,
    parties text[] not null,
    noted timestamptz not null,
    position bigint not null,
    unique (subject, duty, opened_by, key, due, what, parties)
);

comment on column vialog_doors.notice.parties is 'who owes it and is owed it, where the views name one: where to look for readers';
comment on column vialog_doors.notice.position is 'the position of the views by which it was noted';

create index notice_parties on vialog_doors.notice using gin (parties);

-- Up to which notice a person has read: a person's own, so that a colleague's reading hides nothing.
create table vialog_doors.inbox_read (
    party text not null,
    person text not null,
    number bigint not null check (number >= 0),
    at timestamptz not null,
    primary key (party, person)
);

-- How far whoever notes has come: one row. lag: why nothing could be noted since; '' where it could.
create table vialog_doors.clock (
    one boolean primary key default true check (one),
    looked timestamptz not null,
    position bigint not null,
    lag text not null
);

grant select, insert on vialog_doors.notice to vialog_doors;
grant select, insert, update on vialog_doors.clock to vialog_doors;
grant select, insert, delete on vialog_doors.inbox_read to vialog_doors;
grant update (number, at) on vialog_doors.inbox_read to vialog_doors;
