"""The writes about those on call, as in scenarios.py."""

from datetime import timedelta

from coordination.requests import services as requests
from coordination.rota import services as rota
from portal.kernel import clock


def of_operation(write):
    """Lucia is on call at the house, which is asked to support an operation."""

    def prepare(s):
        answer = s.operation().answers.get()
        return lambda: write(s, answer)

    return prepare


def call_those_on_call(s):
    """Lucia was taken off, and Sol's shift begins later."""
    answer = s.operation().answers.get()
    answer.on_call.answer.stood_aside.add(s.lucia)
    begins = clock.now() + timedelta(minutes=30)
    rota.plan_shift(s.acting(s.dana), s.second.pk, begins, begins + timedelta(hours=2), answer.request.request_kind)

    def call():
        with clock.at(begins + timedelta(minutes=1)):
            return requests.call_those_on_call(answer)

    return call


OPERATIONS = {
    "coordination.requests.services.stand_aside": of_operation(
        lambda s, answer: requests.stand_aside(s.acting(s.lucia), answer.request)
    ),
    "coordination.requests.services.call_those_on_call": call_those_on_call,
}
