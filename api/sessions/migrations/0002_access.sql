-- Who was told what of whom. Never rebuilt from the log, and never changed: the doors add to it and read it, and not even the
-- owner or a superuser changes it, unless he disables a trigger first. That he did shows in the digests of it, which the
-- log has. An entry stands here before what it tells of is answered; when that was, and whether, its end says.

create table vialog_doors.access (
    number bigint primary key check (number > 0),
    asked timestamptz not null,
    reader text,
    parties text[] not null,
    entry bytea not null,
    parts bytea[] not null check (cardinality(parts) > 0),
    leaf bytea not null check (octet_length(leaf) = 32)
);

comment on column vialog_doors.access.reader is 'the party that asked; null: whoever has the token for the log''s files';
comment on column vialog_doors.access.parties is 'whose data it was; an element that is empty: of all parties';

create table vialog_doors.access_end (
    number bigint primary key references vialog_doors.access,
    ended timestamptz not null
);

create index access_reader on vialog_doors.access (reader, number);
create index access_parties on vialog_doors.access using gin (parties);

create function vialog_doors.refuse_change() returns trigger language plpgsql as $$
begin
    raise restrict_violation using
        message = pg_catalog.format('the access log is append-only: %s of %I.%I', tg_op, tg_table_schema, tg_table_name);
end
$$;

create trigger append_only before update or delete or truncate on vialog_doors.access
    for each statement execute function vialog_doors.refuse_change();
create trigger append_only before update or delete or truncate on vialog_doors.access_end
    for each statement execute function vialog_doors.refuse_change();
alter table vialog_doors.access enable always trigger append_only;
alter table vialog_doors.access_end enable always trigger append_only;

grant select, insert on vialog_doors.access, vialog_doors.access_end to vialog_doors;
