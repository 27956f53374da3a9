from django.db import migrations


def tell_audiences(apps, schema_editor):
    """What is agreed to already holds for the people of each organization."""
    agreed = apps.get_model("organizations", "Organization").objects.exclude(agreed_until=None)
    audiences = apps.get_model("kernel", "Audience").objects
    for members, until in agreed.values_list("members", "agreed_until"):
        audiences.filter(pk=members).update(read_only_from=until)


class Migration(migrations.Migration):

    dependencies = [
        ("kernel", "0009_read_only_from"),
        ("organizations", "0005_agreements"),
    ]

    operations = [migrations.RunPython(tell_audiences, migrations.RunPython.noop)]
