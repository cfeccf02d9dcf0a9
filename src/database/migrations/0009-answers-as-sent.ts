import type { Dialect, Migration } from './migration.ts'

/**
 * An answer is stored as it was sent, with the ids of the things in it. So far it was the JSON of what the write did:
 * `{"thing":{…},"isNew":true,"revision":1}`, without a revision if nothing changed; a deletion's revision, within a
 * batch `{"revision":1}`; an array of these for an atomic batch; `true` for the key of another; `null` if erased.
 */
export const answersAsSent: Migration = {
  name: '0009-answers-as-sent',
  statements: ({ text, integer, clustered, elements }: Dialect) => [
    `alter table idempotency_keys add column status ${integer}`,
    `alter table idempotency_keys add column headers ${text}`,
    `alter table idempotency_keys add column body ${text}`,
    `create table idempotency_things (
      owner_id ${text} not null,
      operation ${text} not null,
      key ${text} not null,
      thing_id ${text} not null,
      primary key (owner_id, operation, key, thing_id),
      foreign key (owner_id, operation, key) references idempotency_keys (owner_id, operation, key)
        on delete cascade
    )${clustered}`,
    'create index idempotency_things_by_thing on idempotency_things (owner_id, thing_id)',

    `create table stored_writes as
      select used.owner_id, used.operation, used.key, element.key as place,
        case when (element.value -> 'thing') is null then 204
          when cast(element.value -> 'isNew' as text) = 'true' then 201 else 200 end as status,
        cast(element.value -> 'thing' as text) as thing,
        element.value -> 'thing' ->> 'id' as thing_id,
        '"\\"' || cast(element.value -> 'thing' -> 'revision' as text) || '\\""' as etag,
        cast(case when used.operation like 'DELETE %' then used.result
          else cast(element.value -> 'revision' as text) end as ${integer}) as revision
      from idempotency_keys as used,
        ${elements(`case when used.result like '[%' then used.result else '[' || used.result || ']' end`)}
      where used.result not in ('true', 'null')`,
    `insert into idempotency_things (owner_id, operation, key, thing_id)
      select distinct owner_id, operation, key, thing_id from stored_writes where thing is not null`,
    `update idempotency_keys set status = done.status, body = done.thing, headers = case
        when done.thing is null then '{"docket-revision":"' || done.revision || '"}'
        else '{"etag":' || done.etag
          || case when done.status = 201 then ',"location":"/tasks/' || done.thing_id || '"' else '' end
          || coalesce(',"docket-revision":"' || done.revision || '"', '') || '}' end
      from stored_writes as done
      where done.owner_id = idempotency_keys.owner_id and done.operation = idempotency_keys.operation
        and done.key = idempotency_keys.key and idempotency_keys.result not like '[%'`,
    `update idempotency_keys set status = 200, body = '{"results":[' || done.results || ']}',
        headers = coalesce('{"docket-revision":"' || done.revision || '"}', '{}')
      from (
        select owner_id, operation, key, max(revision) as revision,
          string_agg('{"status":' || status || coalesce(',"body":' || thing || ',"etag":' || etag, '') || '}',
            ',' order by place) as results
        from stored_writes group by owner_id, operation, key
      ) as done
      where done.owner_id = idempotency_keys.owner_id and done.operation = idempotency_keys.operation
        and done.key = idempotency_keys.key and idempotency_keys.result like '[%'`,
    `update idempotency_keys set status = 204, headers = '{}' where result = 'true'`,
    // They were of requests with their defaults; now they are of what was sent. An empty one fits every request.
    `update idempotency_keys set fingerprint = ''`,
    'drop table stored_writes',
    'alter table idempotency_keys drop column result',
  ],
}
