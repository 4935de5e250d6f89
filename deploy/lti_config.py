"""The door of a hub whose learners come from a platform: jupyterhub_config.py loads it.

It does so if lti.json lies in the hub's folder; docs/lti.md leads through all of it.
"""

from ltiauthenticator.lti13.auth import LTI13Authenticator
from tornado.web import HTTPError

from course_utils.delivery.workshop import folder, lti

c = get_config()  # noqa: F821 (JupyterHub defines it)
here = folder.HubFolder.chosen()
settings = lti.settings(here)


class PlatformAuthenticator(LTI13Authenticator):
    """LTI 1.3, with the course's names for people."""

    async def authenticate(self, handler, data=None):
        """Who comes, from the claims that the library has verified."""
        claims = data or {}
        try:
            found = lti.person(claims)
        except lti.LtiError as error:
            raise HTTPError(403, str(error)) from None
        lti.remember(here, found["name"], claims)
        return found


c.JupyterHub.authenticator_class = PlatformAuthenticator
c.LTI13Authenticator.issuer = settings.issuer
c.LTI13Authenticator.client_id = set(settings.client_ids)
c.LTI13Authenticator.authorize_url = settings.authorize_url
c.LTI13Authenticator.jwks_endpoint = settings.jwks_endpoint
c.LTI13Authenticator.jwks_algorithms = ["RS256"]
c.LTI13Authenticator.uri_scheme = "https"  # as the platform knows us, whatever stands between
c.Authenticator.admin_users = set()
c.Authenticator.auto_login = False
c.JupyterHub.template_vars = {}
