"""Someone who signs PDFs electronically, with a certificate of his own making."""

from __future__ import annotations

import datetime as dt
from functools import cache
from io import BytesIO

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

WHO = "联丰村村民委员会"


@cache
def _signer() -> signers.SimpleSigner:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, WHO)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2016, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2036, 1, 1, tzinfo=dt.UTC))
        .sign(key, hashes.SHA256())
    )
    der = serialization.Encoding.DER
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(certificate.public_bytes(der)),
        signing_key=keys.PrivateKeyInfo.load(key.private_bytes(der, *plain)),
        cert_registry=SimpleCertificateStore(),
    )


def signed(pdf: bytes, field: str = "签名") -> bytes:
    about = signers.PdfSignatureMetadata(field_name=field)
    made = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), about, signer=_signer())
    return bytes(made.getvalue())


def stamped(pdf: bytes) -> bytes:
    """Put a time stamp over a whole file."""
    who = _signer()
    clock = DummyTimeStamper(
        tsa_cert=who.signing_cert,
        tsa_key=who.signing_key,
        certs_to_embed=SimpleCertificateStore(),
    )
    made = signers.PdfTimeStamper(clock).timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), "sha256"
    )
    return bytes(made.getvalue())


def appended(pdf: bytes) -> bytes:
    """Write over a page what nobody signed, behind the signature, as editors of PDFs do."""
    book = IncrementalPdfFileWriter(BytesIO(pdf))
    page = book.root["/Pages"]["/Kids"][0].get_object()
    more = generic.StreamObject(stream_data=b"1 0 0 rg 50 500 300 40 re f")
    old = page.raw_get("/Contents")
    page["/Contents"] = generic.ArrayObject([old, book.add_object(more)])
    book.update_container(page)
    stream = BytesIO()
    book.write(stream)
    return stream.getvalue()


def flipped(pdf: bytes) -> bytes:
    """Change one byte of what was signed: a page becomes a hair lower."""
    assert b"841.89" in pdf
    return pdf.replace(b"841.89", b"841.88", 1)
