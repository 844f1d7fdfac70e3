"""What stands in deploy/ fits together and fits the product: names, paths, ports, and a real nginx takes the sample."""

from __future__ import annotations

import configparser
import datetime as dt
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.processes import free_ports
from deploy.processes import environment
from desk.settings import Settings
from tests.house.sources import ROOT
from tests.house.test_docs import verbs
from tests.house.test_settings import known
from tests.servers import needs

DEPLOY = ROOT / "deploy"
NOT_OURS = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "FORWARDED_ALLOW_IPS"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return content


def test_every_setting_compose_gives_exists(compose: dict[str, Any]) -> None:
    given = {name for service in compose["services"].values() for name in service.get("environment", {})}
    assert given - NOT_OURS <= known()
    assert {"DATABASE_URL", "REDIS_URL", "RASA_DATABASE_URL"} <= given


def test_only_nginx_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["nginx"]


def test_services_wait_for_services_that_exist_and_use_files_that_exist(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert "image" in service or "build" in service, name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or source == "./certificates" or (DEPLOY / source).exists(), volume
    build = services["prepare"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).exists()


def test_the_image_calls_verbs_and_files_that_exist() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    called = re.findall(r"RUN make ([a-z ]+)$", text, re.MULTILINE)
    assert called and set(" ".join(called).split()) <= verbs()
    assert all((ROOT / path).exists() for path in re.findall(r"deploy/[\w.-]+", text))
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "var", ".git"} <= set(ignored), "no secret and no data in the image"


@pytest.mark.parametrize("unit", sorted(p.name for p in DEPLOY.glob("*.service")))
def test_a_unit_starts_files_that_exist(unit: str) -> None:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string((DEPLOY / unit).read_text(encoding="utf-8"))
    assert read["Service"]["User"] == "waymark" and read["Service"]["WorkingDirectory"] == "/srv/waymark"
    for name in ("ExecStart", "ExecStartPre"):
        for word in read["Service"].get(name, "").split():
            if word.startswith("deploy/"):
                assert (ROOT / word).exists(), word


def test_every_process_is_told_what_it_needs_one_value_a_process() -> None:
    given: dict[str, Any] = {"rasa_url": "http://127.0.0.1:5001, http://127.0.0.1:5002", "actions_url": "http://127.0.0.1:5003", "desk_processes": 3}
    told = environment(Settings(_env_file=None, redis_url="redis://127.0.0.1/0", **given))
    assert (told["RASA_PROCESSES"], told["RASA_PORT"], told["ACTIONS_PROCESSES"], told["DESK_PROCESSES"]) == ("2", "5001,5002", "1", "3")
    assert told["ACTIONS_WEBHOOK"] == "http://127.0.0.1:5003/webhook"
    conf = (DEPLOY / "supervisord.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"%\(ENV_(\w+)\)s", conf)) <= set(told)


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = made.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(*plain))


def nginx_conf(folder: Path, desk: str) -> tuple[Path, int]:
    """The sample with ports and places of a test; and where it listens with TLS."""
    plain, secure = free_ports(2)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    certificate(folder)
    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain};", "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;", "waymark:8000": desk,
        "/etc/nginx/certificates": str(folder), "/dev/stdout": str(folder / "access.log"), "/dev/stderr": str(folder / "error.log"),
        "worker_processes auto;": f"worker_processes 1; pid {folder / 'nginx.pid'};", "worker_connections 16384": "worker_connections 256",
    }  # fmt: skip
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    return path, secure


def test_nginx_takes_the_sample(tmp_path: Path) -> None:
    program = needs("nginx", "nginx-light")
    path, _ = nginx_conf(tmp_path, "127.0.0.1:9")
    done = subprocess.run([str(program), "-t", "-c", str(path), "-g", "error_log stderr;"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
