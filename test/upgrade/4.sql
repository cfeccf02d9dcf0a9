insert into users (id, email, password_hash, created_at)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 'alice@example.com', '$argon2id$v=19$m=19456,t=2,p=1$b5BZEV1ndt6I9NLwIndQXw$n7lMpFsRF40npUvdI0Ss2fzPvu3DjWvogLcgBqoUCxo', 1772438401266);

insert into users (id, email, password_hash, created_at)
values ('01a21868-05d4-7238-a58e-fa341959c161', 'bob@example.com', '$argon2id$v=19$m=19456,t=2,p=1$QUYx6+AbG7Kh59SFPV3xQQ$Rx5D/gMroVhbh/WyhwBWnOE/UFSVoB9pDVLYukeu9mI', 1772438461569);

insert into owners (owner_id, name, time_zone, revision, profile_revision, profile_changed_at, swept_revision)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 'Alice', 'Europe/Paris', 7, 5, 1772438761882, 1);

insert into owners (owner_id, name, time_zone, revision, profile_revision, profile_changed_at, swept_revision)
values ('01a21868-05d4-7238-a58e-fa341959c161', 'Bob', 'Europe/Berlin', 2, 0, 0, 2);

insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', '01a21868-04a9-787d-89f6-2d321cdab009', 0, 1772438401266, 1772438401266, 1773648001266, 'node', '127.0.0.1');

insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
values ('01a21868-05d4-7238-a58e-fa341959c161', '01a21868-05d5-7d7f-a583-142b8e4f1c11', 0, 1772438461569, 1772438461569, 1773648061569, 'node', '127.0.0.1');

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', '01a21868-061c-7014-94d1-0db0d96b0309', 'Buy oat milk', 'buy oat milk', 'Two litres; it’s for "pancakes".', '2026-03-06', null, 1772841599999, 'complete', 2, 1772438701825, 1772438521641, 1772438701825, 4, null, null);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', '01a21868-0679-7953-9bd4-07861e93e244', 'Buy bread', 'buy bread', '', null, 1772555400000, 1772555400000, 'in_progress', 1, null, 1772438581734, 1772438581734, 6, 1772438821894, null);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', '01a21868-069b-709e-bad7-eb93e694bddf', '', '', '', null, null, null, 'incomplete', 0, null, 1772438641768, 1772438641768, 7, 1772438881907, 1772438881907);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21868-05d4-7238-a58e-fa341959c161', '01a21868-072b-7f79-907e-1f45cfed07b5', 'Plan the garden', 'plan the garden', 'Beans and chicorée', null, null, null, 'incomplete', 0, null, 1772438941912, 1772439001916, 2, null, null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields, previous)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 2, 1772438581734, 'task', '01a21868-0679-7953-9bd4-07861e93e244', 'create', '01a21868-04a9-787d-89f6-2d321cdab009', 'request', 2, '{"title":[null,"Buy bread"],"description":[null,""],"dueDate":[null,"2026-03-03T16:30:00.000Z"],"status":[null,"in_progress"]}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields, previous)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 3, 1772438641768, 'task', '01a21868-069b-709e-bad7-eb93e694bddf', 'create', '01a21868-04a9-787d-89f6-2d321cdab009', 'request', 3, '{}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields, previous)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 4, 1772438701825, 'task', '01a21868-061c-7014-94d1-0db0d96b0309', 'update', '01a21868-04a9-787d-89f6-2d321cdab009', 'request', 4, '{"title":["Buy milk","Buy oat milk"],"status":["incomplete","complete"]}', 1);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields, previous)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 5, 1772438761882, 'profile', '01a21868-04a5-7393-8bea-ed10dbcbf48f', 'update', '01a21868-04a9-787d-89f6-2d321cdab009', 'request', 5, '{"name":["","Alice"],"timeZone":["UTC","Europe/Paris"]}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields, previous)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 6, 1772438821894, 'task', '01a21868-0679-7953-9bd4-07861e93e244', 'delete', '01a21868-04a9-787d-89f6-2d321cdab009', 'request', 6, '{}', 2);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields, previous)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 7, 1772438881907, 'task', '01a21868-069b-709e-bad7-eb93e694bddf', 'delete', '01a21868-04a9-787d-89f6-2d321cdab009', 'request', 7, '{}', 3);

insert into idempotency_keys (owner_id, operation, key, fingerprint, result, created_at)
values ('01a21868-04a5-7393-8bea-ed10dbcbf48f', 'POST /tasks', 'buy-milk-once', '4_Jb48q5Bx-EcWaxRFogVfCvjDsUVEW_pBQO9JtJI_s', '{"task":{"id":"01a21868-061c-7014-94d1-0db0d96b0309","title":"Buy milk","description":"Two litres; it’s for \"pancakes\".","dueDate":"2026-03-06","status":"incomplete","completedAt":null,"createdAt":"2026-03-02T08:02:01.641Z","updatedAt":"2026-03-02T08:02:01.641Z","revision":1},"isNew":true,"revision":1}', 1772438521641);

insert into event_tickets (hash, owner_id, session_id, expires_at)
values ('JgUdmOBtKfO-UkPLGiohQm82rFk7oQZOizWp-gXMX0Q', '01a21868-04a5-7393-8bea-ed10dbcbf48f', '01a21868-04a9-787d-89f6-2d321cdab009', 1772439121922);
