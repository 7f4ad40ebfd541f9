"""Says what signing in needs to know of the OpenID provider."""

from shared.settings import ServiceSettings


class SignInSettings(ServiceSettings, frozen=True, kw_only=True):
    """Where staff sign in, as whom we ask, and what the provider's groups mean."""

    staff_token_private_key: str
    """Ed25519, PEM: signs the staff tokens that every service checks."""
    oidc_issuer: str
    """The provider's issuer, exactly as its discovery document names it."""
    oidc_client_id: str
    oidc_client_secret: str
    oidc_scope: str = "openid profile email groups"
    oidc_groups_claim: str = "groups"
    oidc_group_prefix: str = "ehrensache-"
    """A group gives the role that stands behind the prefix: `ehrensache-clerk`."""
    oidc_required_acr: str = ""
    """Comma-separated `acr` values of which one must be met, such as for a second factor."""
