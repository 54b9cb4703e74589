-- Hooks hear of what they asked for: statements by their positions, notices by their numbers, days by their ordinals (of the
-- proleptic Gregorian calendar, 1 January of year 1 is 1). Of each it is known up to where it was looked at.

alter table vialog_doors.hook
    add column events text[] not null default '{statement}',
    add column noticed bigint not null default 0 check (noticed >= 0),
    add column digested integer not null default 0 check (digested >= 0),
    add check (events <@ '{statement,due-soon,overdue,digest}' and cardinality(events) > 0);

alter table vialog_doors.delivery
    add column stream text not null default 'statement' check (stream in ('statement', 'notice', 'digest')),
    drop constraint delivery_pkey,
    add primary key (hook, stream, position);

comment on column vialog_doors.delivery.position is 'in its stream: of a statement its position, of a notice its number, of a digest its day';

grant update (noticed, digested) on vialog_doors.hook to vialog_doors;
