"""What the processes of one machine are told beyond the settings: their ports, and who asks whom. For start.py and supervisord.conf."""

from __future__ import annotations

from desk.settings import Settings


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1].split("/")[0])


def environment(settings: Settings) -> dict[str, str]:
    """Rasa reads no .env of its own, so what it needs is handed on. Of a list each process takes what stands at its PROCESS_NUMBER."""
    return {
        "PORT": str(settings.port),
        "DESK_PROCESSES": str(settings.desk_processes),
        "RASA_PROCESSES": str(len(settings.rasa_urls)),
        "RASA_PORT": ",".join(str(port_of(url)) for url in settings.rasa_urls),
        "RASA_TOKEN": settings.rasa_token,
        "RASA_DATABASE_URL": settings.rasa_database_url,
        "ACTIONS_PROCESSES": str(len(settings.actions_urls)),
        "ACTIONS_PORT": ",".join(str(port_of(url)) for url in settings.actions_urls),
        "ACTIONS_WEBHOOK": ",".join(f"{url}/webhook" for url in settings.actions_urls),
        "GAZETTEER_FILE": str(settings.gazetteer_file),
        "REDIS_URL": settings.redis_url,
        "START_AFTER_PORT": str(settings.port),
    }
