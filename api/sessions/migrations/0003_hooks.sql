-- Hooks: where parties want to be told, and what is told there. The log is the queue: of each hook is known up to where
-- the log was looked at for it, and a delivery is a position, never what stands there. So nothing here is any party's data.

create table vialog_doors.hook (
    name text primary key,
    url text not null,
    label text not null,
    party text not null,
    person text not null,
    key text not null,
    token text,
    made timestamptz not null,
    looked bigint not null check (looked >= 0),
    failures integer not null default 0,
    rests timestamptz not null,
    ended timestamptz,
    why text,
    check ((ended is null) = (why is null))
);

comment on column vialog_doors.hook.token is 'the token that registered it, and ends it; null: a person who had signed in';
comment on column vialog_doors.hook.looked is 'the position up to which the log was looked at for it';
comment on column vialog_doors.hook.rests is 'until when nothing is tried, after failures in a row';

create index hook_party on vialog_doors.hook (party, made);

create table vialog_doors.delivery (
    hook text not null references vialog_doors.hook on delete cascade,
    position bigint not null check (position > 0),
    state text not null check (state in ('waiting', 'delivered', 'failed', 'withheld')),
    attempts integer not null default 0,
    due timestamptz not null,
    tried timestamptz,
    status integer,
    problem text,
    primary key (hook, position)
);

create index delivery_waiting on vialog_doors.delivery (hook, due, position) where state = 'waiting';

grant select, insert, delete on vialog_doors.hook, vialog_doors.delivery to vialog_doors;
grant update (looked, failures, rests, ended, why) on vialog_doors.hook to vialog_doors;
grant update (state, attempts, due, tried, status, problem) on vialog_doors.delivery to vialog_doors;
