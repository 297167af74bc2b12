"""What an admin does on pretix's own pages in a browser."""

import re

from playwright.sync_api import Browser, Page

from tests.e2e.real.pretix.sign_in import App, real_app
from tests.e2e.real.systems import PRETIX


def registered(browser: Browser, redirect_uri: str) -> App:
    """A new OAuth application, made on pretix's own pages as the hub's form tells people to."""
    page = browser.new_context(base_url=PRETIX.origin).new_page()
    page.goto("/control/settings/oauth/apps/add")
    signed_in(page)
    page.locator("[name=name]").fill("Ciclo Hub")
    page.locator("[name=redirect_uris]").fill(redirect_uri)
    page.get_by_role("button", name="Save").click()
    said = page.get_by_text("an application secret has been generated").inner_text()
    client_id = page.locator("[name=client_id]").input_value()
    page.context.close()
    secret = re.findall(r"shown again: (\S+)", said)[0]
    return App(origin=PRETIX.origin, client_id=client_id, client_secret=secret, redirect_uri=redirect_uri)


def signed_in(page: Page) -> None:
    """Fill in the sign-in form that pretix shows before any page of a person."""
    _, email, password = real_app()
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()
