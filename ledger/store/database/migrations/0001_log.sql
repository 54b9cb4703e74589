-- The log: its head, its events, their tags, and the disclosures kept beside them.
--
-- vialog_app is what the application acts as. It can add to the log and read it; nobody can change what stands there,
-- not even the owner or a superuser, unless he disables a trigger first, which nobody does by mistake.

do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'vialog_app') then
        create role vialog_app nologin;
        -- One login may then both migrate and, acting as vialog_app, serve.
        execute pg_catalog.format('grant vialog_app to %I', current_user);
    end if;
exception
    -- The role belongs to the whole server: a migration of another database made it at the same moment.
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then
        raise insufficient_privilege using
            message = pg_catalog.format('the role vialog_app is missing, and %s may not create it', current_user),
            hint = 'An administrator runs once: create role vialog_app nologin;'
                   ' grant vialog_app to <the login role of the application>;';
end
$$;

create table vialog.head (
    one boolean primary key default true check (one),
    origin text not null check (origin <> ''),
    position bigint not null default 0 check (position >= 0),
    recorded timestamptz,
    check ((position = 0) = (recorded is null))
);

create table vialog.event (
    position bigint primary key check (position > 0),
    statement uuid not null unique,
    kind text collate "C" not null,
    recorded timestamptz not null,
    entry bytea not null,
    leaf bytea not null check (octet_length(leaf) = 32)
);

-- No foreign key: rows come only together with their events, and checking them again would cost a tenth of the speed.
create table vialog.event_tag (
    tag text collate "C",
    kind text collate "C",
    position bigint,
    primary key (tag, kind, position)
);

-- Vacuumed after every erasure: until then the erased text still lies in the table's file.
create table vialog.disclosure (
    statement uuid,
    place integer,
    digest text collate "C" not null,
    disclosed text not null,
    primary key (statement, place)
) with (
    autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
    toast.autovacuum_vacuum_threshold = 1, toast.autovacuum_vacuum_scale_factor = 0
);

create index disclosure_digest on vialog.disclosure (digest);

create function vialog.refuse_change() returns trigger language plpgsql as $$
begin
    raise restrict_violation using
        message = pg_catalog.format('the log is append-only: %s of %I.%I', tg_op, tg_table_schema, tg_table_name);
end
$$;

create function vialog.only_forward() returns trigger language plpgsql as $$
begin
    if new.origin <> old.origin or new.position < old.position or new.recorded < old.recorded then
        raise restrict_violation using message = 'the head of the log only moves forward';
    end if;
    return new;
end
$$;

create trigger append_only before update or delete or truncate on vialog.event
    for each statement execute function vialog.refuse_change();
create trigger append_only before update or delete or truncate on vialog.event_tag
    for each statement execute function vialog.refuse_change();
create trigger append_only before delete or truncate on vialog.head
    for each statement execute function vialog.refuse_change();
create trigger only_forward before update on vialog.head
    for each row execute function vialog.only_forward();

-- Always: a session that plays a replica would pass an ordinary trigger.
alter table vialog.event enable always trigger append_only;
alter table vialog.event_tag enable always trigger append_only;
alter table vialog.head enable always trigger append_only;
alter table vialog.head enable always trigger only_forward;

grant usage on schema vialog to vialog_app;
grant select on vialog.migration to vialog_app;
grant select, update (position, recorded) on vialog.head to vialog_app;
grant select, insert on vialog.event, vialog.event_tag to vialog_app;
grant select, insert, delete on vialog.disclosure to vialog_app;
