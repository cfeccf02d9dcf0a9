insert into users (id, email, password_hash, created_at)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 'alice@example.com', '$argon2id$v=19$m=19456,t=2,p=1$eRTjc7jsYGwtEyMvIPpqZw$aYi71fsmc5Xn1P4RFeNQJdRmaTj6FBsReKSpiGzhfHs', 1772438401112);

insert into users (id, email, password_hash, created_at)
values ('01a21868-1b08-70bb-8def-a5fce9d3f6fa', 'bob@example.com', '$argon2id$v=19$m=19456,t=2,p=1$HsZW3tQeBslkJssNPLQu0g$uAFQpjDY6kMB/NnHlr+vtuNS52fZcU1huWKoTOBzuE8', 1772438461394);

insert into owners (owner_id, name, time_zone, revision, profile_revision, profile_changed_at, swept_revision)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 'Alice', 'Europe/Paris', 7, 5, 1772438761661, 1);

insert into owners (owner_id, name, time_zone, revision, profile_revision, profile_changed_at, swept_revision)
values ('01a21868-1b08-70bb-8def-a5fce9d3f6fa', 'Bob', 'Europe/Berlin', 2, 0, 0, 2);

insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', '01a21868-19f0-790d-ae0b-eb7d3a37e555', 0, 1772438401112, 1772438401112, 1773648001112, 'node', '127.0.0.1');

insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
values ('01a21868-1b08-70bb-8def-a5fce9d3f6fa', '01a21868-1b09-7277-a161-bf9ccc614c61', 0, 1772438461394, 1772438461394, 1773648061394, 'node', '127.0.0.1');

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', '01a21868-1b3a-7426-95cf-d9f731a62f95', 'Buy oat milk', 'buy oat milk', 'Two litres; it’s for "pancakes".', '2026-03-06', null, 1772841599999, 'complete', 2, 1772438701645, 1772438521434, 1772438701645, 4, null, null);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', '01a21868-1b6a-774d-8758-b112d649d1f7', 'Buy bread', 'buy bread', '', null, 1772555400000, 1772555400000, 'in_progress', 1, null, 1772438581492, 1772438581492, 6, 1772438821699, null);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', '01a21868-1bac-7867-a983-cc241d8a8f07', '', '', '', null, null, null, 'incomplete', 0, null, 1772438641558, 1772438641558, 7, 1772438881724, 1772438881724);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21868-1b08-70bb-8def-a5fce9d3f6fa', '01a21868-1c78-7dd1-a2e0-cff26aad37ac', 'Plan the garden', 'plan the garden', 'Beans and chicorée', null, null, null, 'incomplete', 0, null, 1772438941762, 1772439001776, 2, null, null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, origin, part_of, fields, previous)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 2, 1772438581492, 'task', '01a21868-1b6a-774d-8758-b112d649d1f7', 'create', '01a21868-19f0-790d-ae0b-eb7d3a37e555', 'request', 2, '{"title":[null,"Buy bread"],"description":[null,""],"dueDate":[null,"2026-03-03T16:30:00.000Z"],"status":[null,"in_progress"]}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, origin, part_of, fields, previous)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 3, 1772438641558, 'task', '01a21868-1bac-7867-a983-cc241d8a8f07', 'create', '01a21868-19f0-790d-ae0b-eb7d3a37e555', 'request', 3, '{}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, origin, part_of, fields, previous)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 4, 1772438701645, 'task', '01a21868-1b3a-7426-95cf-d9f731a62f95', 'update', '01a21868-19f0-790d-ae0b-eb7d3a37e555', 'request', 4, '{"title":["Buy milk","Buy oat milk"],"status":["incomplete","complete"]}', 1);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, origin, part_of, fields, previous)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 5, 1772438761661, 'profile', '01a21868-19ee-773f-82ce-0e021f03bd92', 'update', '01a21868-19f0-790d-ae0b-eb7d3a37e555', 'request', 5, '{"name":["","Alice"],"timeZone":["UTC","Europe/Paris"]}', null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, origin, part_of, fields, previous)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 6, 1772438821699, 'task', '01a21868-1b6a-774d-8758-b112d649d1f7', 'delete', '01a21868-19f0-790d-ae0b-eb7d3a37e555', 'request', 6, '{}', 2);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, origin, part_of, fields, previous)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 7, 1772438881724, 'task', '01a21868-1bac-7867-a983-cc241d8a8f07', 'delete', '01a21868-19f0-790d-ae0b-eb7d3a37e555', 'request', 7, '{}', 3);

insert into idempotency_keys (owner_id, operation, key, fingerprint, result, created_at)
values ('01a21868-19ee-773f-82ce-0e021f03bd92', 'POST /tasks', 'buy-milk-once', '4_Jb48q5Bx-EcWaxRFogVfCvjDsUVEW_pBQO9JtJI_s', '{"task":{"id":"01a21868-1b3a-7426-95cf-d9f731a62f95","title":"Buy milk","description":"Two litres; it’s for \"pancakes\".","dueDate":"2026-03-06","status":"incomplete","completedAt":null,"createdAt":"2026-03-02T08:02:01.434Z","updatedAt":"2026-03-02T08:02:01.434Z","revision":1},"isNew":true,"revision":1}', 1772438521434);

insert into event_tickets (hash, owner_id, session_id, expires_at)
values ('JgUdmOBtKfO-UkPLGiohQm82rFk7oQZOizWp-gXMX0Q', '01a21868-19ee-773f-82ce-0e021f03bd92', '01a21868-19f0-790d-ae0b-eb7d3a37e555', 1772439121785);
