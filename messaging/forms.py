"""What a body may hold."""

from rest_framework import serializers

from messaging.models import LONGEST, MOST_MENTIONS
from portal.api.forms import Flag, Form, Identifier, Number, Text
from portal.live.protocol import LONGEST_WAIT

MOST_PEOPLE = 50
MOST_IN_CONVERSATION = 8
KNOWN = "Each is in an organization, a group or a channel with me."
MENTIONED = "Ids of people in this channel. The text itself mentions nobody."
SURVIVOR_SAFE = "Never name or describe a survivor."


class PrivateChannelForm(Form):
    name = Text(max_length=120)
    topic = Text(max_length=500, required=False, allow_blank=True, default="", help_text="What it is for.")
    announcement = Flag(required=False, default=False, help_text="Only moderators write; the others acknowledge.")
    people = serializers.ListField(
        child=Identifier(), required=False, default=list, max_length=MOST_PEOPLE, help_text=KNOWN
    )
    organizations = serializers.ListField(
        child=Identifier(),
        required=False,
        default=list,
        max_length=MOST_PEOPLE,
        help_text="Verified organizations. All their people are in it, those who join them later too.",
    )


class ChannelEditForm(Form):
    name = Text(max_length=120, required=False)
    topic = Text(max_length=500, required=False, allow_blank=True)
    announcement = Flag(required=False, help_text="Only moderators write; the others acknowledge.")


class ConversationForm(Form):
    """Whom I want to talk to, without me."""

    people = serializers.ListField(child=Identifier(), min_length=1, max_length=MOST_IN_CONVERSATION, help_text=KNOWN)


class PeopleForm(Form):
    people = serializers.ListField(child=Identifier(), min_length=1, max_length=MOST_PEOPLE, help_text=KNOWN)


class MessageForm(Form):
    """`id` is the client's own: sending it again stores nothing twice."""

    id = Identifier()
    body = Text(max_length=LONGEST, help_text=SURVIVOR_SAFE)
    acting_for = Identifier(required=False, allow_null=True)
    reply_to = Identifier(required=False, allow_null=True, help_text="A message of this channel.")
    mentions = serializers.ListField(child=Identifier(), required=False, max_length=MOST_MENTIONS, help_text=MENTIONED)
    waited = Number(
        min_value=0,
        max_value=LONGEST_WAIT,
        required=False,
        default=0,
        help_text="For how many seconds it could not be sent.",
    )
    urgent = Flag(
        required=False, default=False, help_text="Everybody who is there is woken until they have acknowledged it."
    )


class MessageEditForm(Form):
    """What it said before stays to be read. Without `mentions`, whom it mentions stays as it was."""

    body = Text(max_length=LONGEST, help_text=SURVIVOR_SAFE)
    mentions = serializers.ListField(child=Identifier(), required=False, max_length=MOST_MENTIONS, help_text=MENTIONED)


class ReadMarkForm(Form):
    position = Number(min_value=0, max_value=2**62)


class MuteForm(Form):
    muted = Flag(help_text="A mute channel still counts what is unread; it does not call.")
