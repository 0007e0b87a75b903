"""What docs/sparql.md shows of tools that Tantu does not install, run as it stands: ``make nightly``.

The npm packages of package.json are installed into a scratch folder; roqet and Chromium have to be there.
"""

import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests import snippets

DOCUMENT = "https://w3id.org/tantu/doc/"
SECONDS = 120
INSTALLING = 600  # npm fetches 90 MB


def program(name: str, package: str) -> str:
    """Return where a program is.

    :raises pytest.fail.Exception: with the remedy, if it is not there.
    """
    return shutil.which(name) or pytest.fail(f"no {name}: apt install {package}")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Path:
    """A folder with the query and the npm packages."""
    folder = tmp_path_factory.mktemp("tools")
    snippets.query_file(folder)
    shutil.copy(Path(__file__).with_name("package.json"), folder)
    run(folder, program("npm", "npm"), "install", "--no-audit", "--no-fund", "--loglevel=error")
    return folder


def run(folder: Path, *command: str) -> str:
    """Run a command and return what it says; what it says of an error is in the test's report."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALLING)
    assert done.returncode == 0, done.stderr
    return done.stdout


def script(folder: Path, heading: str, address: str) -> str:
    """Run the script below a heading."""
    (code,) = snippets.below(heading, "js", address)
    file = folder / f"{heading}.mjs"
    file.write_text(code, "utf-8")
    return run(folder, program("node", "nodejs"), file.name)


def test_comunica_sends_a_query_for_one_source_whole(scratch, server):
    (line,) = snippets.below("Comunica", "sh", server)
    assert run(scratch, "bash", "-ec", line).count(DOCUMENT) == 5


def test_comunica_joins_a_search_with_data_of_ones_own(scratch, server):
    lines = script(scratch, "Comunica", server).splitlines()
    assert lines[0].startswith("A7 ")


def test_fetch_sparql_endpoint(scratch, server):
    assert script(scratch, "fetch-sparql-endpoint", server).count(DOCUMENT) == 5


def test_roqet(scratch, server):
    program("roqet", "rasqal-utils")
    (line,) = snippets.below("roqet", "sh", server)
    assert run(scratch, "bash", "-ec", line).count(DOCUMENT) == 5


@pytest.fixture(scope="module")
def elsewhere(scratch, server):
    """The address of a page with YASGUI on another port, which is another origin."""
    (page,) = snippets.below("YASGUI", "html", server)
    folder = scratch / "node_modules" / "@zazuko" / "yasgui" / "build"
    (folder / "page.html").write_text(page, "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}/page.html"
        site.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium")
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    service = webdriver.ChromeService(program("chromedriver", "chromium-driver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_script_timeout(SECONDS)
    yield driver
    driver.quit()


def test_yasgui_on_another_origin(browser, elsewhere, scratch):
    browser.get(elsewhere)
    query = (scratch / "search.rq").read_text("utf-8")
    browser.execute_script("yasgui.getTab().setQuery(arguments[0]); yasgui.getTab().query();", query)
    wait = WebDriverWait(browser, SECONDS)
    assert wait.until(lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".yasr table tbody tr")) == 5)
    assert DOCUMENT in browser.find_element(By.CSS_SELECTOR, ".yasr").get_attribute("innerHTML")


def test_a_browser_asks_leave_first_and_gets_it(browser, elsewhere, server, scratch):
    """A query as it stands is no simple request: the browser asks by OPTIONS before it sends it."""
    browser.get(elsewhere)
    program = """const [address, query, done] = arguments;
      const headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv", "X-Asked-By": "a page"};
      fetch(address, {method: "POST", headers, body: query}).then(sent => sent.text()).then(done, error => done(`${error}`));"""
    sent = browser.execute_async_script(program, f"{server}/sparql", (scratch / "search.rq").read_text("utf-8"))
    assert sent.count(DOCUMENT) == 5
