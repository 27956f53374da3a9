from collections.abc import Iterable

from coordination.requests.policy import steers
from coordination.tasks.models import Task
from portal.kernel.policy import BorrowedPolicy
from portal.kernel.standing import Standing


class TaskPolicy(BorrowedPolicy[Task]):
    """Whoever is in the request's channel gives tasks to somebody, says that they are done.

    Who added one, and who steers the request, words it anew and takes it away.
    """

    model = Task
    needs = ("request__owner",)
    still_open = ("remove",)

    def verbs(self, who: Standing, task: Task) -> Iterable[str]:
        yield from ("assign", "finish", "reopen")
        if task.added_by_id == who.person or steers(who, task.request):
            yield from ("edit", "remove")


TASKS = TaskPolicy()
