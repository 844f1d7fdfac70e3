"""Pages made on the server: for students, and for staff by role."""

from desk.pages import (
    account_pages,
    announcement_pages,
    audit_pages,
    conversation_pages,
    draft_pages,
    history_pages,
    insight_pages,
    knowledge_pages,
    miss_pages,
    public_pages,
    queue_pages,
    ready_pages,
    retention_pages,
    review_pages,
    scorecard_pages,
    sign_in_pages,
    suggestion_pages,
    teamwork_pages,
)

_PAGES = (
    public_pages,
    sign_in_pages,
    queue_pages,
    conversation_pages,
    teamwork_pages,
    ready_pages,
    suggestion_pages,
    draft_pages,
    history_pages,
    knowledge_pages,
    miss_pages,
    review_pages,
    insight_pages,
    scorecard_pages,
    account_pages,
    audit_pages,
    retention_pages,
    announcement_pages,
)
ROUTERS = [module.router for module in _PAGES]
