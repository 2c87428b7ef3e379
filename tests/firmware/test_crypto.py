"""AES and CCM of the firmware, against published vectors and against the package `cryptography`."""

import ctypes
import subprocess

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from hypothesis import given
from hypothesis import strategies as st
from support.host_application import APPLICATION, FLAGS

from splkit.needs import CC


class Header(ctypes.Structure):
    """`ccm_header_t`."""

    _fields_ = (("bytes", ctypes.c_char_p), ("length", ctypes.c_uint32))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    out = tmp_path_factory.mktemp("crypto") / "libcrypto.so"
    sources = [APPLICATION / name for name in ("aes.c", "ccm.c")]
    subprocess.run([CC.path(), *FLAGS, "-shared", "-fPIC", "-o", out, *sources], check=True)
    return ctypes.CDLL(str(out))


def sealed(
    library: ctypes.CDLL, key: bytes, nonce: bytes, header: bytes, data: bytes, tag_bytes: int
) -> bytes:
    buffer, tag = ctypes.create_string_buffer(data, len(data) + 1), ctypes.create_string_buffer(tag_bytes)
    library.ccm_seal(key, nonce, Header(header, len(header)), buffer, len(data), tag, tag_bytes)
    return buffer.raw[: len(data)] + tag.raw


def test_aes_by_fips_197(library: ctypes.CDLL) -> None:
    """FIPS 197, appendix C.1."""
    block = ctypes.create_string_buffer(bytes.fromhex("00112233445566778899AABBCCDDEEFF"), 16)
    library.aes_encrypt(bytes(range(16)), block)
    assert block.raw.hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"


def test_ccm_by_rfc_3610(library: ctypes.CDLL) -> None:
    """RFC 3610, packet vector 1."""
    key = bytes.fromhex("C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF")
    nonce = bytes.fromhex("00000003020100A0A1A2A3A4A5")
    expected = "588C979A61C663D2F066D0C2C0F989806D5F6B61DAC38417E8D12CFDF926E0"
    assert sealed(library, key, nonce, bytes(range(8)), bytes(range(8, 31)), 8).hex().upper() == expected


def test_encrypted_advertising_data_by_the_sample_data(library: ctypes.CDLL) -> None:
    """Supplement to the Bluetooth Core Specification v11, Part A, 2.3.1."""
    key = bytes.fromhex("57A9DA12D12E6E131E20612AD10A6A19")
    randomizer, iv = bytes.fromhex("18E157CADE"), bytes.fromhex("9E7A00EFB17AE746")
    plain = bytes.fromhex("0F0953686F7274204D696E692D427573") + bytes.fromhex("03190A8C")
    expected = "74E4DCAFDC51C7282810C2217F0E4CEF4343181FBA0069CC"
    assert sealed(library, key, randomizer + iv, b"\xea", plain, 4).hex().upper() == expected


@given(
    key=st.binary(min_size=16, max_size=16),
    nonce=st.binary(min_size=13, max_size=13),
    header=st.binary(min_size=1, max_size=80),
    data=st.binary(max_size=80),
    tag_bytes=st.sampled_from([4, 8, 16]),
)
def test_ccm_is_that_of_others(
    library: ctypes.CDLL, key: bytes, nonce: bytes, header: bytes, data: bytes, tag_bytes: int
) -> None:
    expected = AESCCM(key, tag_length=tag_bytes).encrypt(nonce, data, header)
    assert sealed(library, key, nonce, header, data, tag_bytes) == expected
