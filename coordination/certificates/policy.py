from collections.abc import Iterable

from coordination.certificates.models import Certificate
from portal.kernel.policy import SharedPolicy
from portal.kernel.standing import Standing


class CertificatePolicy(SharedPolicy[Certificate]):
    """Its person sees it wherever they work, and so do the coordinators who saw that they were registered."""

    model = Certificate

    def verbs(self, who: Standing, certificate: Certificate) -> Iterable[str]:
        return ()


CERTIFICATES = CertificatePolicy()
