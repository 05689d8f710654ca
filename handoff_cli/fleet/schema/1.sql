-- What a fleet's database holds. Times called received_at and seen_at are the server's, all others the sender's.

create schema handoff;

create table handoff.migration (
  version    integer primary key,
  applied_at timestamptz not null default now()
);

-- Which database this is: senders remember how far they came in it.
create table handoff.fleet (
  only_one boolean primary key default true check (only_one),
  id       uuid not null default gen_random_uuid()
);
insert into handoff.fleet default values;

-- The latest state of each session, as `handoff status` on its machine says it.
create table handoff.session (
  id               bigint generated always as identity primary key,
  sequence         bigint not null,
  received_at      timestamptz not null default clock_timestamp(),
  seen_at          timestamptz not null default clock_timestamp(),
  started_at       timestamptz not null check (isfinite(started_at)),
  updated_at       timestamptz not null check (isfinite(updated_at)),
  document_at      timestamptz,
  total_tokens     bigint not null,
  usable_tokens    bigint not null,
  tokens_per_turn  bigint,
  turns_left       bigint,
  checkpoints      bigint not null,
  compactions      bigint not null,
  share            double precision not null,
  owner            name not null default current_user,
  machine          text not null check (machine ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  session          text not null check (session ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  machine_name     text not null check (length(machine_name) <= 100),
  project          text not null check (length(project) <= 300),
  state            text not null check (state in ('running', 'archived', 'gone')),
  agent            text check (length(agent) <= 300),
  model            text check (length(model) <= 300),
  method           text not null check (length(method) <= 30),
  level            text not null check (length(level) <= 30),
  title            text not null check (length(title) <= 300),
  continues        text check (length(continues) <= 300),
  previous         text check (length(previous) <= 300),
  trend            bigint[] not null check (cardinality(trend) <= 100),
  unique (machine, session)
) with (fillfactor = 60);

create table handoff.document (
  session_id  bigint primary key references handoff.session on delete cascade,
  received_at timestamptz not null default now(),
  text        text not null check (octet_length(text) <= 16777216)
);

-- Every line of every ledger, once. A line is known by session, sequence and checksum; its own time says which
-- partition it is in, so that it goes to the same one however often it is sent.
create table handoff.entry (
  session_id  bigint not null references handoff.session on delete cascade,
  sequence    bigint not null,
  time        timestamptz not null check (isfinite(time)),
  received_at timestamptz not null default now(),
  tokens      bigint,
  low         bigint,
  high        bigint,
  checksum    integer not null,
  kind        text not null check (length(kind) <= 30),
  method      text check (length(method) <= 30),
  level       text check (length(level) <= 30),
  model       text check (length(model) <= 300),
  source      text check (length(source) <= 10000),
  text        text check (length(text) <= 10000),
  more        jsonb check (octet_length(more::text) <= 100000),
  primary key (session_id, sequence, checksum, time)
) partition by range (time);

-- What no month has been made for: a clock that is far off, or `handoff fleet init` not run for a year.
create table handoff.entry_rest partition of handoff.entry default;

-- Makes a partition for each month from this one on, and moves what the rest holds of it there.
create function handoff.make_partitions(months integer default 12) returns void
language plpgsql set timezone = 'UTC' as $$
declare
  first timestamptz;
  name  text;
begin
  for first in select generate_series(date_trunc('month', now()), now() + make_interval(months => months), '1 month')
  loop
    name := 'entry_' || to_char(first, 'YYYYMM');
    continue when to_regclass('handoff.' || name) is not null;
    lock table handoff.entry_rest in access exclusive mode;
    execute format('create table handoff.%I (like handoff.entry including all)', name);
    execute format(
      'with moved as (delete from handoff.entry_rest where time >= %L and time < %L returning *)
       insert into handoff.%I select * from moved', first, first + interval '1 month', name);
    execute format('alter table handoff.entry attach partition handoff.%I for values from (%L) to (%L)',
      name, first, first + interval '1 month');
  end loop;
end $$;

-- Retention: drops the months that end before `day`, and the sessions that were last seen before it.
create function handoff.drop_before(day date) returns bigint
language plpgsql set timezone = 'UTC' as $$
declare
  name    text;
  dropped bigint;
begin
  for name in
    select relname from pg_class join pg_inherits on inhrelid = pg_class.oid
    where inhparent = 'handoff.entry'::regclass and relname ~ '^entry_[0-9]{6}$'
      and to_date(substr(relname, 7), 'YYYYMM') + interval '1 month' <= day
  loop
    execute format('drop table handoff.%I', name);
  end loop;
  delete from handoff.entry_rest where time < day;
  delete from handoff.session where seen_at < day;
  get diagnostics dropped = row_count;
  return dropped;
end $$;

-- Who and when are the server's to say. Of many who commit at once, one tells those who listen: telling takes a lock
-- of the whole database, and whoever listens looks again every few seconds anyway.
create function handoff.stamp_session() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.owner := current_user;
    new.received_at := clock_timestamp();
  else
    new.owner := old.owner;
    new.received_at := old.received_at;
  end if;
  new.seen_at := clock_timestamp();
  if pg_try_advisory_xact_lock(747028301) then
    perform pg_notify('handoff_fleet', '');
  end if;
  return new;
end $$;

create trigger stamp before insert or update on handoff.session for each row execute function handoff.stamp_session();

-- Without a role that says otherwise, nobody but the owner of the tables sees anything.
alter table handoff.session enable row level security;
alter table handoff.document enable row level security;
alter table handoff.entry enable row level security;
