"""Imports the whole client that was generated from the document; registers, creates, patches and lists with it."""

import pkgutil
import sys
from importlib import import_module

import docket_client
from docket_client import AuthenticatedClient, Client
from docket_client.api.accounts import change_me, get_me, register
from docket_client.api.tasks import change_task, create_task, list_tasks
from docket_client.models import NewTask, ProfilePatch, Registration, TaskPatch
from docket_client.models.task_patch_status import TaskPatchStatus

for module in pkgutil.walk_packages(docket_client.__path__, "docket_client."):
    import_module(module.name)

origin = sys.argv[1]
client = Client(base_url=origin, raise_on_unexpected_status=True)
signed_in = register.sync(
    client=client, body=Registration(email="grace@example.org", password="seventeen purple lanterns")
)
authenticated = AuthenticatedClient(
    base_url=origin, token=signed_in.access_token, raise_on_unexpected_status=True
)

user = get_me.sync(client=authenticated)
assert user.email == "grace@example.org", user
user = change_me.sync(client=authenticated, body=ProfilePatch(name="Grace"))
assert user.name == "Grace", user

task = create_task.sync(client=authenticated, body=NewTask(title="Renew the passport", due_date="2026-12-01"))
assert (task.title, task.due_date) == ("Renew the passport", "2026-12-01"), task

changed = change_task.sync(
    id=task.id, client=authenticated, body=TaskPatch(status=TaskPatchStatus.COMPLETE), if_match=f'"{task.revision}"'
)
assert changed.status == "complete", changed

page = list_tasks.sync(client=authenticated, status="complete", count=True)
assert [item.id for item in page.items] == [task.id] and page.total == 1, page

print(signed_in.access_token)
