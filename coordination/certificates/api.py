import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter

from coordination.certificates import changes
from coordination.certificates.document import pdf
from coordination.certificates.models import Certificate
from portal.api.json import JSONRenderer, PDFRenderer
from portal.api.viewsets import ScopedViewSet

PDF = {"type": "string", "contentMediaType": "application/pdf"}


class CertificateFilters(django_filters.FilterSet):
    registration = django_filters.UUIDFilter("registration")
    mine = django_filters.ChoiceFilter(choices=[("true", "true")], method="own")

    def own(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        return rows.filter(person=self.request.user)


class CertificateViewSet(ScopedViewSet):
    """That people were at trainings. `mine`: my own."""

    kind = changes.CERTIFICATE
    filterset_class = CertificateFilters

    def visible(self) -> QuerySet[Certificate]:
        return super().visible().select_related("person", "issuer")

    @extend_schema(responses=PDF)
    @action(detail=True, renderer_classes=[JSONRenderer, PDFRenderer])
    def document(self, request: Request, pk: str) -> HttpResponse:
        """On paper, in my language, while it stands."""
        return HttpResponse(
            pdf(self.fetch(pk), self.me.locale),
            content_type="application/pdf",
            headers={"Content-Disposition": 'attachment; filename="certificate.pdf"'},
        )


router = SimpleRouter(trailing_slash=False)
router.register("certificates", CertificateViewSet, basename="certificate")
urlpatterns = router.urls
