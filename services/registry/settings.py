"""Says what registry needs to know when it starts."""

from services.registry.sign_in.settings import SignInSettings


class Settings(SignInSettings, frozen=True, kw_only=True):
    """The settings of registry: what signing in needs, and what every service does."""
