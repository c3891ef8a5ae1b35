/*
 * The statements by which histories grow. Here alone, because their parameters are counted; db/append.ts fills them in.
 */

/**
 * JSON texts, step ids and event types hold no control characters, so many of them travel as one text joined by one.
 * An array parameter would quote each element and have the server unquote it: 2,000 events of 90 bytes then take 7.0 ms
 * to send and parse instead of 2.4. Ids are joined likewise; what people wrote themselves (keys, names) is not.
 */
export const separator = '\u001e'
const split = (parameter: string) => `string_to_array(${parameter}, E'\\x1e')`

const appendsAndEvents = `
with a as (
  select run::uuid as run, workspace_id, epoch, expected_seq, last_seq, is_new, nullif(status, '') as status,
         output, error, http_status, ended_at, release, progress, tokens, row_number() over () as position
  from unnest(
    ${split('$2')}, ${split('$3')}, $4::int[], $5::int[], $6::int[], $7::bool[], ${split('$8')},
    ${split('$9')}, ${split('$10')}, $11::int[], $12::int8[], $13::bool[], $14::bool[], $15::int[]
  ) as a(run, workspace_id, epoch, expected_seq, last_seq, is_new, status,
         output, error, http_status, ended_at, release, progress, tokens)
), created as (
  insert into run (id, workspace_id, flow_id, version_id, number, status, cause, input, output, error, http_status,
                   last_seq, epoch, owner, start, person, thread, idempotency_key, priority, tokens,
                   started_at, ended_at, deadline_at, slot_key, slot_limit, when_full, slot)
  select a.run, a.workspace_id, n.flow_id, n.version_id::uuid, n.number, coalesce(a.status, 'running'), n.cause,
         n.input::json, nullif(a.output, '')::json, nullif(a.error, '')::json, a.http_status,
         a.last_seq, a.epoch, case when a.release then null else $1::int end, nullif(n.start, '')::json,
         n.person, n.thread, n.idempotency_key, n.priority, a.tokens,
         to_timestamp(n.started_at / 1000.0), to_timestamp(a.ended_at / 1000.0), to_timestamp(n.deadline_at / 1000.0),
         n.slot_key, n.slot_limit, n.when_full, case when n.slot_key is not null then 'wanted' end
  from unnest(
    $16::int[], ${split('$17')}, ${split('$18')}, $19::int[], $20::text[], ${split('$21')}, ${split('$22')},
    $23::text[], $24::text[], $25::text[], $26::int[], $27::int8[], $28::int8[], $29::text[], $30::int[], $31::text[]
  ) as n(position, flow_id, version_id, number, cause, input, start,
         person, thread, idempotency_key, priority, started_at, deadline_at, slot_key, slot_limit, when_full)
  join a on a.position = n.position
  on conflict do nothing
  returning id
), updated as (
  update run r set
    last_seq = a.last_seq,
    status = coalesce(a.status, r.status),
    output = coalesce(nullif(a.output, '')::json, r.output),
    error = coalesce(nullif(a.error, '')::json, r.error),
    http_status = coalesce(a.http_status, r.http_status),
    ended_at = coalesce(to_timestamp(a.ended_at / 1000.0), r.ended_at),
    owner = case when a.release then null else r.owner end,
    crashes = case when a.progress then 0 else r.crashes end,
    tokens = r.tokens + a.tokens,
    start = case when a.last_seq = 0 then r.start end
  from a
  where not a.is_new and r.id = a.run and r.epoch = a.epoch and r.last_seq = a.expected_seq
  returning r.id
), applied as (
  select a.run, a.workspace_id, a.position from a join (select id from created union all select id from updated) ok on ok.id = a.run
), events as (
  insert into run_event (run, seq, workspace_id, type, step, at, data, blobs)
  select applied.run, e.seq, applied.workspace_id, e.type, nullif(e.step, ''), to_timestamp(e.at / 1000.0),
         e.data::json, nullif(e.blobs, '')::json
  from unnest(
    $32::int[], $33::int[], ${split('$34')}, ${split('$35')}, $36::int8[], ${split('$37')}, ${split('$38')}
  ) as e(position, seq, type, step, at, data, blobs)
  join applied on applied.position = e.position
)`

/**
 * What came to a wait that begins again while its step thought about what came before: it was taken, so it stays. What is in
 * the history by now goes, and what came to a wait that was closed since.
 */
const stillUnheard = `case
      when wait.closed or (select heard from opening where opening.run = wait.run and opening.step = wait.step) then null
      else wait.payload end`

export const appendPlain = `${appendsAndEvents}
select coalesce(array_agg(position), '{}') as positions, 0::bigint as jobs from applied`

export const appendAll = `${appendsAndEvents}, opening as (
  select applied.run, applied.workspace_id, w.*
  from unnest(
    $39::int[], $40::text[], $41::text[], $42::text[], $43::text[], $44::text[], ${split('$45')}, $46::int8[], $91::bool[]
  ) as w(position, step, token, kind, name, key, ask, deadline, heard)
  join applied on applied.position = w.position
), opened as (
  insert into wait (run, step, workspace_id, token, kind, name, key, ask, deadline)
  select run, step, workspace_id, token, kind, name, key, nullif(ask, '')::json, to_timestamp(deadline / 1000.0) from opening
  on conflict (run, step) do update set
    token = excluded.token, kind = excluded.kind, name = excluded.name, key = excluded.key, ask = excluded.ask,
    deadline = excluded.deadline, closed = false, payload = ${stillUnheard},
    answered_by = case
      when excluded.ask->>'channel' is distinct from 'chat' then wait.answered_by
      -- Another turn of a conversation: whoever spoke before may speak again, but for whoever has spoken in this one already.
      when ${stillUnheard} is null then '{}'
      else array[coalesce(wait.payload->>'person', '')] end
), heard as (
  update wait set payload = null, closed = wait.closed or h.closed
  from unnest($47::int[], $48::text[], $49::bool[]) as h(position, step, closed)
  join applied on applied.position = h.position
  where wait.run = applied.run and wait.step = h.step
), stored as (
  insert into blob (workspace_id, hash, value)
  select distinct on (applied.workspace_id, b.hash) applied.workspace_id, b.hash, b.value::json
  from unnest($50::int[], $51::text[], ${split('$52')}) as b(position, hash, value)
  join applied on applied.position = b.position
  order by applied.workspace_id, b.hash
  -- A fresh time keeps the retention job from taking a blob whose last run it has just deleted.
  on conflict (workspace_id, hash) do update set created_at = clock_timestamp()
    where blob.created_at < clock_timestamp() - interval '10 minutes'
), used as (
  insert into blob_use (workspace_id, hash, run)
  select distinct applied.workspace_id, b.hash, applied.run
  from unnest($50::int[], $51::text[]) as b(position, hash)
  join applied on applied.position = b.position
  on conflict do nothing
), called as (
  select c.*, applied.run as parent, applied.workspace_id,
         row_number() over (alike order by c.position, c.call) as nth, count(*) over alike as together
  from unnest(
    $61::int[], ${split('$62')}, ${split('$63')}, ${split('$64')}, $65::int[], ${split('$66')}, ${split('$67')},
    ${split('$68')}, $69::text[], $70::int[], $71::text[], $72::text[], $73::int[], $74::text[],
    $75::int[], $76::text[]
  ) as c(position, id, flow_id, version_id, number, cause, input, start,
         step, call, person, thread, priority, slot_key, slot_limit, when_full)
  join applied on applied.position = c.position
  where not exists (select from run where run.id = c.id::uuid)
  window alike as (partition by applied.workspace_id, c.flow_id, c.number is null)
), counted as (
  insert into flow_run_counter as k (workspace_id, flow_id, last_number)
  select workspace_id, flow_id, count(*) from called where number is null group by 1, 2 order by 1, 2
  on conflict (workspace_id, flow_id) do update set last_number = k.last_number + excluded.last_number
  returning workspace_id, flow_id, last_number
), begun as (
  insert into run (id, workspace_id, flow_id, version_id, number, status, cause, input, start, parent, parent_step, parent_call,
                   person, thread, priority, slot_key, slot_limit, when_full, slot)
  select c.id::uuid, c.workspace_id, c.flow_id, c.version_id::uuid, coalesce(c.number, k.last_number - c.together + c.nth), 'queued',
         c.cause, c.input::json, c.start::json, c.parent, c.step, c.call,
         c.person, c.thread, c.priority, c.slot_key, c.slot_limit, c.when_full, case when c.slot_key is not null then 'wanted' end
  from called c left join counted k on k.workspace_id = c.workspace_id and k.flow_id = c.flow_id
  on conflict do nothing
), reported as (
  insert into ended_call (parent, run)
  select e.parent::uuid, applied.run from unnest($77::int[], $78::text[]) as e(position, parent)
  join applied on applied.position = e.position
  on conflict do nothing
), noted as (
  delete from ended_call using unnest($79::int[], $80::text[]) as h(position, run)
  join applied on applied.position = h.position
  where ended_call.parent = applied.run and ended_call.run = h.run::uuid
), charged as (
  insert into model_call (run, seq, workspace_id, flow_id, step, node, model, input_tokens, output_tokens, cost, at)
  select applied.run, m.seq, applied.workspace_id, m.flow_id, m.step, m.node, m.model, m.input_tokens, m.output_tokens,
         m.cost, to_timestamp(m.at / 1000.0)
  from unnest(
    $81::int[], $82::int[], $83::text[], $84::text[], $85::text[], $86::text[], $87::int8[], $88::int8[],
    $89::float8[], $90::int8[]
  ) as m(position, seq, flow_id, step, node, model, input_tokens, output_tokens, cost, at)
  join applied on applied.position = m.position
), queued as (
  select graphile_worker.add_job(
    identifier => j.task, payload => j.payload::json, run_at => to_timestamp(j.run_at / 1000.0), job_key => j.key,
    priority => j.priority) as job
  from (
    select j.* from unnest($53::int[], $54::text[], ${split('$55')}, $56::text[], $57::int8[], $58::int[])
      as j(position, task, payload, key, run_at, priority)
    join applied on applied.position = j.position
    -- In order, so that two statements that queue the same jobs take turns instead of blocking each other.
    order by j.key
  ) as j
), dropped as (
  select graphile_worker.remove_job(d.key) as job
  from unnest($59::int[], $60::text[]) as d(position, key)
  join applied on applied.position = d.position
)
select coalesce((select array_agg(position) from applied), '{}') as positions,
       (select count(job) from queued) + (select count(job) from dropped) as jobs`
