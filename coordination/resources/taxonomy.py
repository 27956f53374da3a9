"""What can be needed or offered, in one table: 12 tops with 64 leaves, the same for both directions.

A leaf has one unit, or leaves it to whoever posts. What is said of how much is left grows stale after `fresh`.
"""

from dataclasses import dataclass
from datetime import timedelta

VERSION = 1

UNITS = ("bed_night", "place", "hour", "post", "appointment", "session", "ride", "voucher", "item")

NIGHTLY = timedelta(hours=12)
MONTHLY = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Category:
    """`unit` is None where whoever posts chooses one of `UNITS`."""

    name: str
    top: str
    unit: str | None
    fresh: timedelta

    @property
    def units(self) -> tuple[str, ...]:
        return (self.unit,) if self.unit else UNITS


@dataclass(frozen=True)
class Leaf:
    name: str
    unit: str | None = None
    fresh: timedelta = MONTHLY


TOPS: dict[str, tuple[Leaf, ...]] = {
    "safety_shelter": (
        Leaf("emergency_bed", "bed_night", NIGHTLY),
        Leaf("transitional_housing", "place"),
        Leaf("long_term_housing"),
        Leaf("hotel_voucher", fresh=NIGHTLY),
        Leaf("safe_relocation"),
        Leaf("safety_planning"),
        Leaf("family_unit", fresh=NIGHTLY),
    ),
    "health": (
        Leaf("emergency_care"),
        Leaf("primary_care"),
        Leaf("sexual_reproductive"),
        Leaf("forensic_exam"),
        Leaf("dental"),
        Leaf("substance_use_treatment"),
    ),
    "mental_health": (
        Leaf("crisis_support"),
        Leaf("trauma_therapy", "hour"),
        Leaf("psychiatry"),
        Leaf("group_peer_support"),
        Leaf("suicide_prevention"),
        Leaf("family_counselling"),
    ),
    "legal": (
        Leaf("pro_bono_representation", "hour"),
        Leaf("immigration_relief"),
        Leaf("criminal_record_relief"),
        Leaf("victim_rights_advocacy"),
        Leaf("civil_family_law"),
        Leaf("restitution_compensation"),
        Leaf("paralegal_support"),
    ),
    "language": (
        Leaf("interpreter", "hour"),
        Leaf("sign_language"),
        Leaf("document_translation"),
        Leaf("cultural_mediation"),
    ),
    "transport": (
        Leaf("urgent_ride"),
        Leaf("appointment_ride"),
        Leaf("travel_ticket"),
    ),
    "basic_needs": (
        Leaf("food"),
        Leaf("clothing_hygiene"),
        Leaf("phone_device"),
        Leaf("emergency_cash"),
        Leaf("identity_documents"),
        Leaf("childcare"),
    ),
    "education": (
        Leaf("literacy_language"),
        Leaf("school_reentry"),
        Leaf("vocational_training"),
        Leaf("scholarship"),
    ),
    "employment": (
        Leaf("job_placement", "post"),
        Leaf("paid_internship"),
        Leaf("career_coaching"),
        Leaf("financial_literacy"),
        Leaf("supply_chain_safe_employer"),
    ),
    "reintegration_family": (
        Leaf("case_management"),
        Leaf("mentoring"),
        Leaf("family_reunification"),
        Leaf("voluntary_return"),
        Leaf("family_support"),
        Leaf("community_inclusion"),
    ),
    "training_awareness": (
        Leaf("professional_training"),
        Leaf("trainer_speaker"),
        Leaf("awareness_material"),
        Leaf("school_prevention"),
        Leaf("business_supply_chain"),
        Leaf("demand_reduction"),
    ),
    "staff_wellbeing": (
        Leaf("supervision"),
        Leaf("debrief"),
        Leaf("vicarious_trauma_training"),
        Leaf("respite_cover"),
    ),
}

CATEGORIES = {
    leaf.name: Category(name=leaf.name, top=top, unit=leaf.unit, fresh=leaf.fresh)
    for top, leaves in TOPS.items()
    for leaf in leaves
}

# whom an offer serves, or a need is for: groups of people, never one
POPULATIONS = (
    *("adults", "youth", "children", "families", "women", "men", "lgbtq", "foreign_nationals"),
    *("people_with_disabilities", "older_adults"),
)
# what keeps people from help, and what an offer therefore does away with
BARRIERS = (
    *("stigma_shame", "distrust_of_authorities", "fear_of_retaliation", "fear_of_arrest_deportation"),
    *("language_culture", "no_id_documents", "immigration_status", "criminal_record", "cost_insurance", "waitlist"),
    *("distance_transport", "childcare", "disability_access", "age_or_gender_limits", "sobriety_rule", "pets"),
    *("office_hours_only", "no_safe_device", "provider_untrained", "not_self_identified"),
)
URGENCIES = ("critical", "urgent", "soon", "planned")
COSTS = ("free", "sliding_scale", "paid")
