"""Certificates for a test: an authority of its own and a server on 127.0.0.1, as PEM files."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certificates:
    """``authority``: what clients trust. ``server``: the server's key and certificate chain in one file."""

    authority: Path
    server: Path


def make(folder: Path, name: str = "test") -> Certificates:
    """A new authority and a server certificate for 127.0.0.1 and localhost, good for a day."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, root = _certificate(f"{name} authority", None, None)
    key, certificate = _certificate("127.0.0.1", root_key, root)
    out = Certificates(authority=folder / "ca.pem", server=folder / "server.pem")
    out.authority.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = [each.public_bytes(serialization.Encoding.PEM) for each in (certificate, root)]
    out.server.touch(mode=0o600)
    out.server.write_bytes(secret + b"".join(chain))
    return out


def _certificate(
    name: str, issuer_key: ec.EllipticCurvePrivateKey | None, issuer: x509.Certificate | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
            ),
            critical=False,
        )
    )
    return key, built.sign(issuer_key or key, hashes.SHA256())
