-- The breaches that each statement was recorded with, as its signers were told: the first answer, for those who hand the
-- same statement in again. No part of the log: who verifies it judges again.

create table vialog.breach (
    statement uuid,
    place integer,
    rule text not null,
    problem text not null,
    clause text not null,
    verified boolean not null,
    primary key (statement, place)
);

create trigger append_only before update or delete or truncate on vialog.breach
    for each statement execute function vialog.refuse_change();

alter table vialog.breach enable always trigger append_only;

grant select, insert on vialog.breach to vialog_app;
