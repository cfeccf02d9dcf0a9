insert into users (id, email, password_hash, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'alice@example.com', '$argon2id$v=19$m=19456,t=2,p=1$BXMR93a0yyCtcNTVggu6Qg$2O60Yn35GdJB1Ei19EFHqVfchJbrwKLBDqdvgxDBLSg', 1772438400835);

insert into users (id, email, password_hash, created_at)
values ('01a21868-2dcd-7ac4-977c-5dff40b215e8', 'bob@example.com', '$argon2id$v=19$m=19456,t=2,p=1$NneKaoLf+Bd92qJiJl3Wbg$YI/U7VCOsO50iJ97Vb4h1QEI0ZrBV46/N+3Gu8qhxq8', 1772438460975);

insert into owners (owner_id, name, time_zone, revision, profile_revision, profile_changed_at, swept_revision)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'Alice', 'Europe/Paris', 7, 5, 1772438761079, 1);

insert into owners (owner_id, name, time_zone, revision, profile_revision, profile_changed_at, swept_revision)
values ('01a21868-2dcd-7ac4-977c-5dff40b215e8', 'Bob', 'Europe/Berlin', 2, 0, 0, 2);

insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', '01a21868-2d42-70bf-a49f-49abbe790bd5', 0, 1772438400835, 1772438400835, 1773648000835, 'node', '127.0.0.1');

insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
values ('01a21868-2dcd-7ac4-977c-5dff40b215e8', '01a21868-2dcf-7d6a-bb51-3c00d98665c3', 0, 1772438460975, 1772438460975, 1773648060975, 'node', '127.0.0.1');

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at, position, search_text)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', '01a21868-2df5-7e91-94b4-b0a224f215e5', 'Buy oat milk', 'buy oat milk', 'Two litres; it’s for "pancakes".', '2026-03-06', null, 1772841599999, 'complete', 2, 1772438701062, 1772438521015, 1772438701062, 4, null, null, 'i000000001', 'buy oat milk
two litres; it’s for "pancakes".');

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at, position, search_text)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', '01a21868-2e0d-7ae9-916a-74472cb5b73a', 'Buy bread', 'buy bread', '', null, 1772555400000, 1772555400000, 'in_progress', 1, null, 1772438581039, 1772438581039, 6, 1772438821100, null, 'i000000002', 'buy bread
');

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at, position, search_text)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', '01a21868-2e19-799e-9766-1057b7c75e9b', '', '', '', null, null, null, 'incomplete', 0, null, 1772438641051, 1772438641051, 7, 1772438881104, 1772438881104, '', '');

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at, position, search_text)
values ('01a21868-2dcd-7ac4-977c-5dff40b215e8', '01a21868-2e52-7a4b-9dce-804dadeab2cd', 'Plan the garden', 'plan the garden', 'Beans and chicorée', null, null, null, 'incomplete', 0, null, 1772438941108, 1772439001112, 2, null, null, 'i000000001', 'plan the garden
beans and chicoree');

insert into changes (owner_id, revision, at, kind, thing_id, action, credential_id, origin, part_of, fields, previous)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 2, 1772438581039, 'task', '01a21868-2e0d-7ae9-916a-74472cb5b73a', 'create', '01a21868-2d42-70bf-a49f-49abbe790bd5', 'request', 2, '{"title":[null,"Buy bread"],"description":[null,""],"dueDate":[null,"2026-03-03T16:30:00.000Z"],"status":[null,"in_progress"]}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, credential_id, origin, part_of, fields, previous)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 3, 1772438641051, 'task', '01a21868-2e19-799e-9766-1057b7c75e9b', 'create', '01a21868-2d42-70bf-a49f-49abbe790bd5', 'request', 3, '{}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, credential_id, origin, part_of, fields, previous)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 4, 1772438701062, 'task', '01a21868-2df5-7e91-94b4-b0a224f215e5', 'update', '01a21868-2d42-70bf-a49f-49abbe790bd5', 'request', 4, '{"title":["Buy milk","Buy oat milk"],"status":["incomplete","complete"]}', 1);

insert into changes (owner_id, revision, at, kind, thing_id, action, credential_id, origin, part_of, fields, previous)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 5, 1772438761079, 'profile', '01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'update', '01a21868-2d42-70bf-a49f-49abbe790bd5', 'request', 5, '{"name":["","Alice"],"timeZone":["UTC","Europe/Paris"]}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, credential_id, origin, part_of, fields, previous)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 6, 1772438821100, 'task', '01a21868-2e0d-7ae9-916a-74472cb5b73a', 'delete', '01a21868-2d42-70bf-a49f-49abbe790bd5', 'request', 6, '{}', 2);

insert into changes (owner_id, revision, at, kind, thing_id, action, credential_id, origin, part_of, fields, previous)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 7, 1772438881104, 'task', '01a21868-2e19-799e-9766-1057b7c75e9b', 'delete', '01a21868-2d42-70bf-a49f-49abbe790bd5', 'request', 7, '{}', 3);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks', 'buy-milk-once', '8XLwEIhIoTvpcYMJH6RJcsXxgqhuZ92SvjT6DO7CnV8', 201, '{"etag":"\"1\"","location":"/tasks/01a21868-2df5-7e91-94b4-b0a224f215e5","docket-revision":"1"}', '{"id":"01a21868-2df5-7e91-94b4-b0a224f215e5","title":"Buy milk","description":"Two litres; it’s for \"pancakes\".","dueDate":"2026-03-06","status":"incomplete","completedAt":null,"createdAt":"2026-03-02T08:02:01.015Z","updatedAt":"2026-03-02T08:02:01.015Z","revision":1}', 1772438521015);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'PATCH /tasks/01a21868-2df5-7e91-94b4-b0a224f215e5', 'finish-milk', 'WH7ZhlS61_MzcpETw5f_R1TQVldD99lh2Fzd_GQl3Gg', 200, '{"etag":"\"4\"","docket-revision":"4"}', '{"id":"01a21868-2df5-7e91-94b4-b0a224f215e5","title":"Buy oat milk","description":"Two litres; it’s for \"pancakes\".","dueDate":"2026-03-06","status":"complete","completedAt":"2026-03-02T08:05:01.062Z","createdAt":"2026-03-02T08:02:01.015Z","updatedAt":"2026-03-02T08:05:01.062Z","revision":4}', 1772438701062);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'PATCH /tasks/01a21868-2df5-7e91-94b4-b0a224f215e5', 'finish-again', 'WH7ZhlS61_MzcpETw5f_R1TQVldD99lh2Fzd_GQl3Gg', 200, '{"etag":"\"4\""}', '{"id":"01a21868-2df5-7e91-94b4-b0a224f215e5","title":"Buy oat milk","description":"Two litres; it’s for \"pancakes\".","dueDate":"2026-03-06","status":"complete","completedAt":"2026-03-02T08:05:01.062Z","createdAt":"2026-03-02T08:02:01.015Z","updatedAt":"2026-03-02T08:05:01.062Z","revision":4}', 1772438711062);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'DELETE /tasks/01a21868-2e0d-7ae9-916a-74472cb5b73a', 'drop-bread', '3xWaMlgADSZM2IumGUDwhbzO6CLlOx3WvrSErGqWB3s', 204, '{"docket-revision":"6"}', null, 1772438821100);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks', 'note-once', 'TcJKOTkkxgAEoLE4jGsuAGvv_O_CxLml88ZjgUeSyq0', null, null, null, 1772438641051);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks/batch', 'all', 'c0yeAnDPr9d9NX7couyWSHAfTPOU0oT266NqiihC7_s', 200, '{"docket-revision":"6"}', '{"results":[{"status":201,"body":{"id":"01a21868-2e0d-7ae9-916a-74472cb5b73a","title":"Buy bread","description":"","dueDate":"2026-03-03T16:30:00.000Z","status":"in_progress","completedAt":null,"createdAt":"2026-03-02T08:03:01.039Z","updatedAt":"2026-03-02T08:03:01.039Z","revision":2},"etag":"\"2\""},{"status":204}]}', 1772438821100);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks/batch', 'each', 'bNPeedz-7rlGkIRf9b4WoYip6XvJ4TNR1yU382rdFwY', 204, '{}', null, 1772438821100);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks/batch 0', 'each', 'bNPeedz-7rlGkIRf9b4WoYip6XvJ4TNR1yU382rdFwY', 201, '{"etag":"\"2\"","location":"/tasks/01a21868-2e0d-7ae9-916a-74472cb5b73a","docket-revision":"2"}', '{"id":"01a21868-2e0d-7ae9-916a-74472cb5b73a","title":"Buy bread","description":"","dueDate":"2026-03-03T16:30:00.000Z","status":"in_progress","completedAt":null,"createdAt":"2026-03-02T08:03:01.039Z","updatedAt":"2026-03-02T08:03:01.039Z","revision":2}', 1772438821100);

insert into idempotency_keys (owner_id, operation, key, fingerprint, status, headers, body, created_at)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks/batch 2', 'each', 'bNPeedz-7rlGkIRf9b4WoYip6XvJ4TNR1yU382rdFwY', 204, '{"docket-revision":"6"}', null, 1772438821100);

insert into idempotency_things (owner_id, operation, key, thing_id)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'PATCH /tasks/01a21868-2df5-7e91-94b4-b0a224f215e5', 'finish-again', '01a21868-2df5-7e91-94b4-b0a224f215e5');

insert into idempotency_things (owner_id, operation, key, thing_id)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'PATCH /tasks/01a21868-2df5-7e91-94b4-b0a224f215e5', 'finish-milk', '01a21868-2df5-7e91-94b4-b0a224f215e5');

insert into idempotency_things (owner_id, operation, key, thing_id)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks', 'buy-milk-once', '01a21868-2df5-7e91-94b4-b0a224f215e5');

insert into idempotency_things (owner_id, operation, key, thing_id)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks/batch', 'all', '01a21868-2e0d-7ae9-916a-74472cb5b73a');

insert into idempotency_things (owner_id, operation, key, thing_id)
values ('01a21868-2d41-78d8-b53c-4e694ae7dcfb', 'POST /tasks/batch 0', 'each', '01a21868-2e0d-7ae9-916a-74472cb5b73a');

insert into event_tickets (hash, owner_id, credential_id, expires_at)
values ('JgUdmOBtKfO-UkPLGiohQm82rFk7oQZOizWp-gXMX0Q', '01a21868-2d41-78d8-b53c-4e694ae7dcfb', '01a21868-2d42-70bf-a49f-49abbe790bd5', 1772439121115);

update owners set counted_tasks = 1, counted_in = 4 where name = 'Alice';

insert into invites (hash, email, created_at, expires_at, used_at)
values ('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU', null, 1772438400835, 1773043200835, null);

update tasks set json = '{"id":"01a21868-2df5-7e91-94b4-b0a224f215e5","title":"Buy oat milk","description":"Two litres; it’s for \"pancakes\".","dueDate":"2026-03-06","recurrence":null,"status":"complete","priority":"none","labels":[],"projectId":null,"parentId":null,"position":"i000000001","completedAt":"2026-03-02T08:05:01.062Z","occurrenceOf":null,"createdAt":"2026-03-02T08:02:01.015Z","updatedAt":"2026-03-02T08:05:01.062Z","revision":4}'
where owner_id = '01a21868-2d41-78d8-b53c-4e694ae7dcfb' and id = '01a21868-2df5-7e91-94b4-b0a224f215e5';

update tasks set json = '{"id":"01a21868-2e0d-7ae9-916a-74472cb5b73a","title":"Buy bread","description":"","dueDate":"2026-03-03T16:30:00.000Z","recurrence":null,"status":"in_progress","priority":"none","labels":[],"projectId":null,"parentId":null,"position":"i000000002","completedAt":null,"occurrenceOf":null,"createdAt":"2026-03-02T08:03:01.039Z","updatedAt":"2026-03-02T08:03:01.039Z","revision":6}'
where owner_id = '01a21868-2d41-78d8-b53c-4e694ae7dcfb' and id = '01a21868-2e0d-7ae9-916a-74472cb5b73a';

update tasks set json = '{"id":"01a21868-2e52-7a4b-9dce-804dadeab2cd","title":"Plan the garden","description":"Beans and chicorée","dueDate":null,"recurrence":null,"status":"incomplete","priority":"none","labels":[],"projectId":null,"parentId":null,"position":"i000000001","completedAt":null,"occurrenceOf":null,"createdAt":"2026-03-02T08:09:01.108Z","updatedAt":"2026-03-02T08:10:01.112Z","revision":2}'
where owner_id = '01a21868-2dcd-7ac4-977c-5dff40b215e8' and id = '01a21868-2e52-7a4b-9dce-804dadeab2cd';
