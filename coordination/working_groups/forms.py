"""What bodies about working groups have to look like."""

from rest_framework import serializers

from coordination.events.kinds import TRAINING
from coordination.working_groups.models import LONGEST_RULE, Joining, WorkingGroup
from portal.api.forms import Flag, Form, Identifier, Number, Text
from portal.api.moments import Day

PURPOSE_HINT = "What the group is for. Whoever sees the group reads it."
RULE_HINT = "What everybody accepts before they come in. Nobody is seated before."
CERTIFICATE_HINT = "Of which training each newcomer needs a certificate. Empty: of none."
END_HINT = "Its last day, where the network is; the day after it is archived. Null: it has none."
PARENT_HINT = "The group that it is part of: whoever comes in has to be in that."
MOST_PEOPLE = 50


class WorkingGroupForm(Form):
    acting_for = Identifier()
    name = Text(max_length=120)
    kind = serializers.ChoiceField(WorkingGroup.Kind.choices)
    purpose = Text(max_length=2000, required=False, allow_blank=True, default="", help_text=PURPOSE_HINT)
    joining = serializers.ChoiceField(Joining.choices, required=False, default=Joining.REQUEST)
    rule = Text(max_length=LONGEST_RULE, required=False, allow_blank=True, default="", help_text=RULE_HINT)
    certificate = serializers.ChoiceField(
        TRAINING, required=False, allow_blank=True, default="", help_text=CERTIFICATE_HINT
    )
    ends_on = Day(required=False, allow_null=True, default=None, help_text=END_HINT)
    parent = Identifier(  # type: ignore[assignment]  # the framework takes it off the class, whose own it hides
        required=False, allow_null=True, default=None, help_text=PARENT_HINT
    )


class WorkingGroupEditForm(Form):
    name = Text(max_length=120, required=False)
    kind = serializers.ChoiceField(WorkingGroup.Kind.choices, required=False)
    purpose = Text(max_length=2000, required=False, allow_blank=True, help_text=PURPOSE_HINT)
    joining = serializers.ChoiceField(Joining.choices, required=False)
    rule = Text(max_length=LONGEST_RULE, required=False, allow_blank=True, help_text=RULE_HINT)
    certificate = serializers.ChoiceField(TRAINING, required=False, allow_blank=True, help_text=CERTIFICATE_HINT)
    ends_on = Day(required=False, allow_null=True, help_text=END_HINT)


class GroupPeopleForm(Form):
    people = serializers.ListField(child=Identifier(), min_length=1, max_length=MOST_PEOPLE)


class JoinForm(GroupPeopleForm):
    acting_for = Identifier()


class JoinApplicationForm(JoinForm):
    working_group = Identifier()
    note = Text(max_length=500, required=False, allow_blank=True, default="")


class GroupInvitationForm(Form):
    working_group = Identifier()
    organization = Identifier()
    note = Text(max_length=500, required=False, allow_blank=True, default="")


class GroupChannelForm(Form):
    name = Text(max_length=120)
    topic = Text(
        max_length=500, required=False, allow_blank=True, default="", help_text="Whoever is in the group reads it."
    )
    announcement = Flag(required=False, default=False, help_text="Only the group's leads write in it.")


class RuleReadForm(Form):
    rule_version = Number(min_value=1, help_text="The version that was read.")


class ReasonForm(Form):
    reason = Text(max_length=500, help_text="The other side reads it.")


class MaybeReasonForm(Form):
    reason = Text(max_length=500, required=False, allow_blank=True, default="", help_text="The group's leads read it.")
