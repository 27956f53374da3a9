"""Who is woken about what may meet a need: those who coordinate a side and see it, where they are at no screen."""

from uuid import UUID

from coordination.resources.models import Suggestion
from portal.kernel.grants import audiences_of
from portal.kernel.standing import members
from portal.notify.reasons import NOBODY, Call, away, reason

SUGGESTED = "resources.suggested"


@reason(SUGGESTED)
def suggested(subject: UUID) -> Call:
    suggestion = Suggestion.objects.filter(pk=subject).first()
    if suggestion is None:
        return NOBODY
    told = [members(audience) for audience in audiences_of([suggestion])[subject]]
    return Call(away(set().union(*told)))
