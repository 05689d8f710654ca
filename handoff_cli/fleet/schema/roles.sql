-- handoff_writer writes and sees its own sessions, handoff_reader sees all. Give them to people and machines:
--   create role ann login; grant handoff_writer to ann;
do $$ begin
  create role handoff_writer nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  create role handoff_reader nologin;
exception when duplicate_object or unique_violation then null;
end $$;

grant usage on schema handoff to handoff_writer, handoff_reader;
grant select on handoff.migration, handoff.fleet, handoff.session, handoff.document, handoff.entry
  to handoff_writer, handoff_reader;
grant insert, update, delete on handoff.session, handoff.document to handoff_writer;
grant delete on handoff.entry to handoff_writer;
grant insert (session_id, sequence, time, tokens, low, high, checksum, kind, method, level, model, source, text, more)
  on handoff.entry to handoff_writer;

create policy own on handoff.session to handoff_writer using (owner = current_user);
create policy own on handoff.document to handoff_writer
  using (exists (select from handoff.session where id = session_id and owner = current_user));
create policy own on handoff.entry to handoff_writer
  using (exists (select from handoff.session where id = session_id and owner = current_user));
create policy every on handoff.session for select to handoff_reader using (true);
create policy every on handoff.document for select to handoff_reader using (true);
create policy every on handoff.entry for select to handoff_reader using (true);
