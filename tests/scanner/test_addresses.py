"""Addresses as people type them: what leads nowhere is refused, before anything is asked of anybody."""

import pytest

from scanner.addresses import AddressError, checked


@pytest.mark.parametrize("address", ["s3://", "s3:///folder", "sftp:///srv", "sftp://ann@/srv", "imaps:///", "smb://"])
def test_an_address_without_a_server_is_refused(address: str) -> None:
    with pytest.raises(AddressError, match="names no server or bucket"):
        checked(address)


@pytest.mark.parametrize("address", ["s3://bucket", "sftp://ann@host/srv", "postgresql:///crm", "imaps://host/"])
def test_an_address_that_leads_somewhere_stays_as_it_is(address: str) -> None:
    assert checked(address) == address
