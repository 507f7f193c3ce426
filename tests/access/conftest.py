"""A dashboard with sign-in, its provider, and the people who come to it, without a browser."""

import pytest
from browsers import ACCESS, Browser
from providers import lenient, secrets
from served import PROJECT

OWN_ROUTE = """
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    def own(request):
        found = [(one.path, sorted(getattr(one, "methods", None) or ["GET"]), type(one).__name__)
                 for one in request.app.routes]
        return JSONResponse(found)

    app = st.App(
        __file__,
        middleware=server.middleware(),
        lifespan=sessions.tended,
        routes=[Route("/own", own), Route("/own/{name:path}", own)],
    )
"""
"""Added to app.py: a route of an owner, which lists all routes of the process."""


def app_with_own_route():
    return (PROJECT / "app.py").read_text(encoding="utf-8") + OWN_ROUTE


@pytest.fixture(scope="session")
def provider(tmp_path_factory):
    """The address of a provider that signs in whoever is named."""
    with lenient(tmp_path_factory.mktemp("provider")) as url:
        yield url


@pytest.fixture(scope="session")
def dashboard(start, demo_file, provider):
    """A dashboard that people sign in to, with a route of its own, and a header that is trusted."""
    return start(
        demo_file,
        '--server.trustedUserHeaders={"X-Email": "email"}',
        MEAUX_METRICS="yes",
        files={
            "app.py": app_with_own_route(),
            ".streamlit/secrets.toml": secrets(provider),
            ".streamlit/meaux.toml": ACCESS,
        },
    )


@pytest.fixture
def browser(dashboard):
    """A new browser."""
    return Browser(dashboard.url)


@pytest.fixture(scope="session")
def signed_in(dashboard):
    """A browser in which this person has signed in."""
    browsers = {}

    def signed_in(name):
        if name not in browsers:
            browsers[name] = Browser(dashboard.url)
            browsers[name].sign_in(name)
        return browsers[name]

    return signed_in
