"""What can be asked about a topic, and the domains topics belong to. Closed lists."""

from __future__ import annotations

from enum import StrEnum


class Domain(StrEnum):
    FINANCIAL_AID = "financial_aid"
    DUAL_CREDIT = "dual_credit"
    PATHWAYS = "pathways"
    HANDOFF = "handoff"


class Facet(StrEnum):
    """What is asked about a topic."""

    WHAT_IS = "what_is"
    ELIGIBILITY = "eligibility"
    COST = "cost"
    HOW_TO_APPLY = "how_to_apply"
    DEADLINE = "deadline"
    REQUIREMENTS = "requirements"
    BENEFITS = "benefits"
    DOCUMENTS = "documents"
    CONTACT = "contact"
    TRANSFER = "transfer"
    WHERE_OFFERED = "where_offered"
    SCHEDULE = "schedule"
    DURATION = "duration"
    WAGE = "wage"
    OPTIONS = "options"
    STATUS_PROBLEM = "status_problem"
    COMPARE = "compare"
    OTHER = "other"
