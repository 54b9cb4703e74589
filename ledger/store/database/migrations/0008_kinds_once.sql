-- Each kind once, instead of an index over the kinds of all events, which every writer paid for at every entry.

drop index vialog.event_kind;

create table vialog.kind (kind text collate "C" primary key);

insert into vialog.kind select distinct kind from vialog.event;

create trigger append_only before update or delete or truncate on vialog.kind
    for each statement execute function vialog.refuse_change();
alter table vialog.kind enable always trigger append_only;

grant select, insert on vialog.kind to vialog_app;
