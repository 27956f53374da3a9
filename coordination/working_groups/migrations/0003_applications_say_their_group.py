from django.db import migrations
from django.db.models import OuterRef, Subquery


def say_the_group(apps, schema_editor):
    applications = apps.get_model("working_groups", "JoinApplication")
    groups = apps.get_model("working_groups", "WorkingGroup")
    name = groups.objects.filter(pk=OuterRef("working_group_id")).values("name")
    applications.objects.update(group_name=Subquery(name))


class Migration(migrations.Migration):
    dependencies = [("working_groups", "0002_ways_to_join")]

    operations = [migrations.RunPython(say_the_group, migrations.RunPython.noop)]
