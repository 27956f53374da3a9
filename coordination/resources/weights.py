"""What counts how much when a need and an offer are matched. Every number of it stands here."""

from collections.abc import Mapping

from coordination.resources.taxonomy import TOPS

# How much of the score each respect takes away where nothing of it fits.
WEIGHTS = {
    "category": 1.0,
    "distance": 1.0,
    "time": 0.7,
    "quantity": 0.6,
    "languages": 0.7,
    "populations": 0.8,
    "barriers": 0.5,
    "freshness": 0.5,
    "promises": 0.6,
}
# Below this nobody is told of it.
LEAST_SCORE = 0.05
# Said to be far away from where distance has taken three quarters.
FAR = 0.25
# Quantities in two units (nights and vouchers) cannot be compared.
OTHER_UNIT = 0.5
# An organization begins as one that kept three promises of four.
KEPT_AT_FIRST, MADE_AT_FIRST = 3, 4
# It is said of an organization that it keeps its promises from so many on, and of no organization that it does not.
PROMISES_TO_SPEAK_OF, SHARE_TO_SPEAK_OF = 5, 0.9

# After so many kilometres half as good: what is done by phone, or by those who travel, reaches farther.
HALVED_AFTER = {
    "safety_shelter": 80,
    "health": 60,
    "mental_health": 100,
    "legal": 150,
    "language": 400,
    "transport": 50,
    "basic_needs": 50,
    "education": 60,
    "employment": 60,
    "reintegration_family": 100,
    "training_awareness": 250,
    "staff_wellbeing": 250,
}

# Leaves that can stand in for each other, in both directions, and how well.
NEAR = {
    ("emergency_bed", "family_unit"): 0.7,
    ("emergency_bed", "hotel_voucher"): 0.7,
    ("emergency_bed", "transitional_housing"): 0.3,
    ("family_unit", "hotel_voucher"): 0.6,
    ("family_unit", "transitional_housing"): 0.4,
    ("long_term_housing", "transitional_housing"): 0.6,
    ("emergency_care", "primary_care"): 0.4,
    ("primary_care", "sexual_reproductive"): 0.4,
    ("crisis_support", "suicide_prevention"): 0.6,
    ("crisis_support", "trauma_therapy"): 0.4,
    ("family_counselling", "trauma_therapy"): 0.4,
    ("group_peer_support", "mentoring"): 0.4,
    ("psychiatry", "trauma_therapy"): 0.4,
    ("immigration_relief", "pro_bono_representation"): 0.6,
    ("civil_family_law", "pro_bono_representation"): 0.6,
    ("criminal_record_relief", "pro_bono_representation"): 0.6,
    ("pro_bono_representation", "restitution_compensation"): 0.5,
    ("paralegal_support", "pro_bono_representation"): 0.4,
    ("paralegal_support", "victim_rights_advocacy"): 0.4,
    ("cultural_mediation", "interpreter"): 0.5,
    ("appointment_ride", "urgent_ride"): 0.6,
    ("appointment_ride", "travel_ticket"): 0.3,
    ("safe_relocation", "travel_ticket"): 0.3,
    ("emergency_cash", "food"): 0.5,
    ("clothing_hygiene", "emergency_cash"): 0.5,
    ("emergency_cash", "phone_device"): 0.4,
    ("paid_internship", "vocational_training"): 0.4,
    ("job_placement", "paid_internship"): 0.5,
    ("career_coaching", "job_placement"): 0.4,
    ("job_placement", "supply_chain_safe_employer"): 0.6,
    ("case_management", "family_support"): 0.4,
    ("community_inclusion", "mentoring"): 0.4,
    ("professional_training", "trainer_speaker"): 0.6,
    ("school_prevention", "trainer_speaker"): 0.4,
    ("debrief", "supervision"): 0.5,
    ("debrief", "vicarious_trauma_training"): 0.3,
}

# Whoever serves one of the latter serves the former too.
SERVED_WITH = {
    "women": frozenset({"adults"}),
    "men": frozenset({"adults"}),
    "older_adults": frozenset({"adults"}),
    "children": frozenset({"families"}),
}


def _alike() -> Mapping[str, Mapping[str, float]]:
    alike = {leaf.name: {leaf.name: 1.0} for leaves in TOPS.values() for leaf in leaves}
    for (one, other), closeness in NEAR.items():
        alike[one][other] = alike[other][one] = closeness
    return alike


# for each leaf those that can stand in for it, itself among them
ALIKE = _alike()
