import pytest

from curation.encoders import Encoder, load_encoder


@pytest.fixture(scope="session")
def embedded() -> Encoder:
    """The encoder that comes with Regrain."""
    return load_encoder()
