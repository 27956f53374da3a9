import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """What is tested here is not how slowly a password is hashed."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
