import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('working_groups', '0005_certificates'),
    ]

    operations = [
        migrations.AddField(
            model_name='workinggroup',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subgroups', to='working_groups.workinggroup'),
        ),
        migrations.AddConstraint(
            model_name='workinggroup',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='working_group_is_no_part_of_itself'),
        ),
        migrations.AlterField(
            model_name='groupentry',
            name='what',
            field=models.CharField(choices=[('founded', 'Founded'), ('joined', 'Joined'), ('left', 'Left'), ('removed', 'Removed'), ('lead_named', 'Lead Named'), ('lead_unnamed', 'Lead Unnamed'), ('name_changed', 'Name Changed'), ('kind_changed', 'Kind Changed'), ('purpose_changed', 'Purpose Changed'), ('rule_changed', 'Rule Changed'), ('joining_changed', 'Joining Changed'), ('end_changed', 'End Changed'), ('demand_changed', 'Demand Changed'), ('channel_opened', 'Channel Opened'), ('subgroup_opened', 'Subgroup Opened'), ('archived', 'Archived'), ('ended', 'Ended'), ('reopened', 'Reopened')], max_length=16),
        ),
    ]
