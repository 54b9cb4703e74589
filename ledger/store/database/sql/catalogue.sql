-- What stands in a log's database beside its rows, one line for each thing, in words that are the same in every version of
-- the server: for comparing it with what the migrations make. Changes nothing.

-- name: plainly
-- Let the server write names in full, and find its own functions alone.
set local search_path = pg_catalog;

-- name: catalogue
-- Everything in the log's schema, and everything that hangs on its tables wherever it stands: foreign triggers, rules,
-- policies, views, heirs, foreign keys. Owners and rights are those beside the owner's. Then what concerns all of it:
-- event triggers, and what the application's role is.
with recursive kept (oid, owner) as (
    select oid, nspowner from pg_catalog.pg_namespace where nspname = 'vialog'
), told (classid, objid) as (
    select 'pg_catalog.pg_namespace'::regclass::oid, oid from kept
     union
    select depend.classid, depend.objid
      from pg_catalog.pg_depend as depend
      join told on (depend.refclassid, depend.refobjid) = (told.classid, told.objid)
     where depend.deptype in ('n', 'a', 'i', 'P', 'S')
       -- A toast table has a number for its name; rows and arrays of a table are types of their own; a later server
       -- keeps what is not null as a constraint too, an older one in the column alone. Views elsewhere, and copies by
       -- replication, only read.
       and depend.classid not in ('pg_catalog.pg_publication_rel'::regclass,
                                  'pg_catalog.pg_publication_namespace'::regclass)
       and not exists (select from pg_catalog.pg_rewrite where pg_rewrite.oid = depend.objid
                          and depend.classid = 'pg_catalog.pg_rewrite'::regclass and rulename = '_RETURN')
       and not exists (select from pg_catalog.pg_class where pg_class.oid = depend.objid
                          and depend.classid = 'pg_catalog.pg_class'::regclass and relkind = 't')
       and not exists (select from pg_catalog.pg_type where pg_type.oid = depend.objid
                          and depend.classid = 'pg_catalog.pg_type'::regclass and (typrelid <> 0 or typelem <> 0))
       and not exists (select from pg_catalog.pg_constraint where pg_constraint.oid = depend.objid
                          and depend.classid = 'pg_catalog.pg_constraint'::regclass and contype = 'n')
), rights (classid, objid, number, owner, given) as (
    select 'pg_catalog.pg_namespace'::regclass::oid, pg_namespace.oid, 0, nspowner,
           coalesce(nspacl, acldefault('n', nspowner))
      from pg_catalog.pg_namespace
     union all
    select 'pg_catalog.pg_class'::regclass, oid, 0, relowner, coalesce(relacl, acldefault('r', relowner))
      from pg_catalog.pg_class
     union all
    select 'pg_catalog.pg_proc'::regclass, oid, 0, proowner, coalesce(proacl, acldefault('f', proowner))
      from pg_catalog.pg_proc
     union all
    select 'pg_catalog.pg_class'::regclass, attrelid, attnum, relowner, attacl
      from pg_catalog.pg_attribute join pg_catalog.pg_class on pg_class.oid = attrelid
     where attacl is not null
)
select named.type as what, named.identity as name,
       case told.classid
       when 'pg_catalog.pg_class'::regclass then (
            select concat_ws(' ', relkind, relpersistence, amname, reloptions,
                             case when relrowsecurity then 'row security' end,
                             case when relforcerowsecurity then 'forced' end,
                             case when relkind in ('i', 'I') then pg_get_indexdef(pg_class.oid) end,
                             case when not (indisvalid and indisready and indislive) then 'not valid' end)
              from pg_catalog.pg_class
              left join pg_catalog.pg_am on pg_am.oid = relam
              left join pg_catalog.pg_index on indexrelid = pg_class.oid
             where pg_class.oid = told.objid)
       when 'pg_catalog.pg_constraint'::regclass then (
            select concat_ws(' ', pg_get_constraintdef(oid), case when not convalidated then 'not validated' end)
              from pg_catalog.pg_constraint where oid = told.objid)
       when 'pg_catalog.pg_trigger'::regclass then (
            select concat_ws(' ', case tgenabled when 'A' then 'always' when 'O' then 'on' when 'D' then 'off'
                                       else 'in a replica' end, pg_get_triggerdef(oid))
              from pg_catalog.pg_trigger where oid = told.objid)
       when 'pg_catalog.pg_rewrite'::regclass then (
            select concat_ws(' ', ev_enabled, pg_get_ruledef(oid)) from pg_catalog.pg_rewrite where oid = told.objid)
       when 'pg_catalog.pg_proc'::regclass then (
            select concat_ws(' ', lanname, provolatile, case when prosecdef then 'as its owner' end, proconfig,
                             pg_get_function_result(pg_proc.oid), 'sha256', encode(sha256(prosrc::bytea), 'hex'))
              from pg_catalog.pg_proc join pg_catalog.pg_language on pg_language.oid = prolang
             where pg_proc.oid = told.objid)
       else ''
       end as made
  from told
 cross join lateral pg_catalog.pg_identify_object(told.classid, told.objid, 0) as named
 union all
select 'column', (pg_identify_object('pg_catalog.pg_class'::regclass, attrelid, attnum)).identity,
       concat_ws(' ', format_type(atttypid, atttypmod), case when attnotnull then 'not null' end,
                 case when attcollation <> typcollation then attcollation::regcollation end, attstorage,
                 attcompression, attidentity, attgenerated, 'default ' || pg_get_expr(adbin, adrelid))
  from pg_catalog.pg_attribute
  join pg_catalog.pg_class on pg_class.oid = attrelid
  join pg_catalog.pg_type on pg_type.oid = atttypid
  join kept on kept.oid = relnamespace
  left join pg_catalog.pg_attrdef on (adrelid, adnum) = (attrelid, attnum)
 where relkind in ('r', 'p') and attnum > 0 and not attisdropped
 union all
select 'rights', (pg_identify_object(told.classid, told.objid, rights.number)).identity,
       format('%s: %s', case grantee when 0 then 'everybody' else pg_get_userbyid(grantee) end,
              string_agg(privilege_type || case when is_grantable then ' to give' else '' end, ', '
                         order by privilege_type))
  from told join rights using (classid, objid)
 cross join lateral aclexplode(rights.given)
 where grantee <> rights.owner
 group by told.classid, told.objid, rights.number, grantee
 union all
select 'owner', (pg_identify_object(told.classid, told.objid, 0)).identity, pg_get_userbyid(rights.owner)
  from told join rights using (classid, objid)
 cross join kept
 where rights.number = 0
   and rights.owner <> kept.owner
 union all
select 'owner', 'the schema', pg_get_userbyid(kept.owner)
  from kept
  join pg_catalog.pg_roles on pg_roles.oid = kept.owner
  join pg_catalog.pg_database on datname = current_database()
 where pg_has_role('vialog_app', kept.owner, 'MEMBER')
    or not (rolsuper or kept.owner = datdba or rolname = current_user)
 union all
select 'event trigger', evtname, concat_ws(' ', evtevent, evtfoid::regproc)
  from pg_catalog.pg_event_trigger
 where evtenabled <> 'D'
   and not exists (select from pg_catalog.pg_depend where classid = 'pg_catalog.pg_event_trigger'::regclass
                      and objid = pg_event_trigger.oid and deptype = 'e')
 union all
select 'role', 'vialog_app',
       concat_ws(' ', case when rolsuper then 'superuser' end, case when rolcreaterole then 'makes roles' end,
                 case when rolbypassrls then 'passes row security' end,
                 case when rolreplication then 'replicates' end,
                 (select 'acts as ' || string_agg(pg_get_userbyid(roleid), ', ' order by pg_get_userbyid(roleid))
                    from pg_catalog.pg_auth_members where member = pg_roles.oid))
  from pg_catalog.pg_roles
 where rolname = 'vialog_app'
 order by 1, 2, 3;
