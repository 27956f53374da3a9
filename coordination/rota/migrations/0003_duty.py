from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rota", "0002_operation_support")]

    operations = [migrations.RenameField(model_name="shift", old_name="request_kind", new_name="duty")]
