insert into users (id, email, password_hash, created_at)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 'alice@example.com', '$argon2id$v=19$m=19456,t=2,p=1$doQe9Uzmkclk9SCpI+LTWQ$/HJb1dAcywWf0xqZEAfskfe26bInM1V2UpHaC1GJk60', 1772438401201);

insert into users (id, email, password_hash, created_at)
values ('01a21867-ee95-74f3-9bca-987625bcdc48', 'bob@example.com', '$argon2id$v=19$m=19456,t=2,p=1$UmkkWHv9yo535bCl9oXAGQ$Fv1R2f2VyW7zX15JxJqWV0jLkwEXopyhMszIZYH/794', 1772438461392);

insert into owners (owner_id, name, time_zone, revision, profile_revision, profile_changed_at, swept_revision)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 'Alice', 'Europe/Paris', 7, 5, 1772438761580, 0);

insert into owners (owner_id, name, time_zone, revision, profile_revision, profile_changed_at, swept_revision)
values ('01a21867-ee95-74f3-9bca-987625bcdc48', 'Bob', 'Europe/Berlin', 2, 0, 0, 0);

insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', '01a21867-edd9-7da7-9214-f9d47774e91c', 0, 1772438401201, 1772438401201, 1773648001201, 'node', '127.0.0.1');

insert into sessions (owner_id, id, counter, created_at, last_used_at, expires_at, user_agent, ip_address)
values ('01a21867-ee95-74f3-9bca-987625bcdc48', '01a21867-ee97-794d-836a-3c71dec5734e', 0, 1772438461392, 1772438461392, 1773648061392, 'node', '127.0.0.1');

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', '01a21867-eef3-7aa3-b808-167fe871590e', 'Buy oat milk', 'buy oat milk', 'Two litres; it’s for "pancakes".', '2026-03-06', null, 1772841599999, 'complete', 2, 1772438701572, 1772438521481, 1772438701572, 4, null, null);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', '01a21867-ef26-7f89-adab-89f07804fcf2', 'Buy bread', 'buy bread', '', null, 1772555400000, 1772555400000, 'in_progress', 1, null, 1772438581537, 1772438581537, 6, 1772438821593, null);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', '01a21867-ef3a-7b17-b4d8-03e1894a7ba2', '', '', '', null, null, null, 'incomplete', 0, null, 1772438641557, 1772438641557, 7, 1772438881600, 1772438881600);

insert into tasks (owner_id, id, title, title_key, description, due_date, due_at, due_order, status, status_rank, completed_at, created_at, updated_at, revision, deleted_at, purged_at)
values ('01a21867-ee95-74f3-9bca-987625bcdc48', '01a21867-ef71-769f-b0d2-e49513245e13', 'Plan the garden', 'plan the garden', 'Beans and chicorée', null, null, null, 'incomplete', 0, null, 1772438941612, 1772439001628, 2, null, null);

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 2, 1772438581537, 'task', '01a21867-ef26-7f89-adab-89f07804fcf2', 'create', '01a21867-edd9-7da7-9214-f9d47774e91c', 'request', 2, '{"title":[null,"Buy bread"],"description":[null,""],"dueDate":[null,"2026-03-03T16:30:00.000Z"],"status":[null,"in_progress"]}');

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 3, 1772438641557, 'task', '01a21867-ef3a-7b17-b4d8-03e1894a7ba2', 'create', '01a21867-edd9-7da7-9214-f9d47774e91c', 'request', 3, '{}');

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 4, 1772438701572, 'task', '01a21867-eef3-7aa3-b808-167fe871590e', 'update', '01a21867-edd9-7da7-9214-f9d47774e91c', 'request', 4, '{"title":["Buy milk","Buy oat milk"],"status":["incomplete","complete"]}');

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 5, 1772438761580, 'profile', '01a21867-edd6-770a-9972-f8dbbbbf7e6e', 'update', '01a21867-edd9-7da7-9214-f9d47774e91c', 'request', 5, '{"name":["","Alice"],"timeZone":["UTC","Europe/Paris"]}');

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 6, 1772438821593, 'task', '01a21867-ef26-7f89-adab-89f07804fcf2', 'delete', '01a21867-edd9-7da7-9214-f9d47774e91c', 'request', 6, '{}');

insert into changes (owner_id, revision, at, kind, thing_id, action, session_id, means, part_of, fields)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 7, 1772438881600, 'task', '01a21867-ef3a-7b17-b4d8-03e1894a7ba2', 'delete', '01a21867-edd9-7da7-9214-f9d47774e91c', 'request', 7, '{}');

insert into idempotency_keys (owner_id, operation, key, fingerprint, result, created_at)
values ('01a21867-edd6-770a-9972-f8dbbbbf7e6e', 'POST /tasks', 'buy-milk-once', '4_Jb48q5Bx-EcWaxRFogVfCvjDsUVEW_pBQO9JtJI_s', '{"task":{"id":"01a21867-eef3-7aa3-b808-167fe871590e","title":"Buy milk","description":"Two litres; it’s for \"pancakes\".","dueDate":"2026-03-06","status":"incomplete","completedAt":null,"createdAt":"2026-03-02T08:02:01.481Z","updatedAt":"2026-03-02T08:02:01.481Z","revision":1},"isNew":true,"revision":1}', 1772438521481);
