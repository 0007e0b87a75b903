"""Adding in real Chromium, with and without scripts; and no text, label or file name of a report that runs as one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from kg.settings import ROOT
from tests import growing
from tests.growing import FIRST, SECOND
from tests.test_browser import AXE, browser, console, grave, one, screen, wait  # noqa: F401 - browser is a fixture

TOKEN = "what-nobody-guesses-0123456789"
RUN = "window.pwned = 1"
HOSTILE = f"""# <script>{RUN}</script> report 2023

Quokka <img src=x onerror="{RUN}"> Power used 512 GWh of electricity in 2023. </script><script>{RUN}</script>

| {{{{ 7*7 }}}} | <svg onload="{RUN}"> |
| --- | --- |
| javascript:{RUN} | 5 GWh |

Power saving plan "><script>{RUN}</script>: [read](javascript:{RUN}) more about flood risk.
"""
RUNNING = "main script:not([type*=json]), main img, [onload]"
NAME = f'<img src=x onerror="{RUN}">.txt'
COMPANY = f'"><svg onload="{RUN}"> Power'
VISITED = (
    "/", "/?q=How+much+electricity+was+used+in+2023", "/search?q=electricity", "/reports", "/reports/{id}", "/compare",
    "/targets", "/risks", "/disclosure", "/technologies", "/ledger", "/graph?company={company}", "/check?text=512+GWh",
    "/org/{company}", "/add", "/doc/{id}", "/sparql?query=SELECT%20*%20%7B%3Fs%20?p%20?o%7D", "/reports/{id}?find=<script>",
    "/reports/<script>alert(1)</script>", "/?q=<script>window.pwned=1</script>", "/add?find=<script>window.pwned=1</script>",
)  # fmt: skip


@pytest.fixture(scope="module")
def adding(tmp_path_factory: pytest.TempPathFactory, data_folder: Path) -> Iterator[str]:
    """The address of a server over one short report, to which reports can be added."""
    settings = growing.settings_in(tmp_path_factory.mktemp("adding"), data_folder)
    command = [sys.executable, "-m", "web", "serve", "--port", "0", "--data", str(settings.data)]
    command += ["--seeds", str(settings.seeds)]
    environment = {"PATH": "/usr/bin:/bin", "TANTU_UPLOAD_TOKEN": TOKEN, "TANTU_LOG": "text"}
    log = settings.data.parent / "log"
    with (
        log.open("wb") as file,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file, text=True, cwd=ROOT, env=environment) as server,
    ):
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address, log.read_text()
        yield address.group()
        server.terminate()
        server.wait(30)
    assert TOKEN not in log.read_text()
    assert "add done by 127.0.0.1" in log.read_text()


def enter(browser, address: str) -> None:  # noqa: F811
    browser.get(f"{address}/add")
    browser.delete_all_cookies()
    browser.get(f"{address}/add?ui=en")
    one(browser, "#token").send_keys(TOKEN)
    browser.find_element(By.CSS_SELECTOR, ".enter button").click()
    one(browser, "#files")


def files(folder: Path, **texts: str) -> str:
    """Write files and return what is typed into a field for them."""
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.txt")
        paths[-1].write_text(text, "utf-8")
    return "\n".join(map(str, paths))


def ended(browser):  # noqa: F811
    return wait(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, "[data-change=ended]"))


def test_without_scripts_files_are_added_corrected_and_removed(browser, adding, tmp_path):  # noqa: F811
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{adding}/add?ui=en")
        one(browser, "#token").send_keys("a wrong token")
        browser.find_element(By.CSS_SELECTOR, ".enter button").click()
        assert "not the token" in one(browser, ".adding .problem").text
        enter(browser, adding)
        browser.find_element(By.ID, "files").send_keys(files(tmp_path, first=FIRST, empty="  \n"))
        browser.find_element(By.ID, "of-all-company").send_keys("Quokka Power")
        browser.find_element(By.CSS_SELECTOR, ".files button").click()
        ended(browser)
        added, refused = browser.find_elements(By.CSS_SELECTOR, ".outcomes > li")
        assert ("Added" in added.text, "a new company" in added.text) == (True, True)
        assert "is empty" in refused.text
        assert added.find_element(By.NAME, "company").get_attribute("value") == "Quokka Power"
        year = added.find_element(By.NAME, "year")
        assert year.get_attribute("value") == "2024"
        year.clear()
        year.send_keys("2022")
        added.find_element(By.CSS_SELECTOR, ".correct button").click()
        ended(browser)
        assert one(browser, ".outcomes [name=year]").get_attribute("value") == "2022"
        browser.get(f"{adding}/add")
        shown = wait(
            browser, lambda driver: (driver.refresh(), driver.find_elements(By.CSS_SELECTOR, ".outcomes .name a"))[1]
        )
        assert shown[0].get_attribute("href").endswith("/reports/quokka-power-2024")
        one(browser, ".remove summary").send_keys(Keys.ENTER)  # a click scrolls to it by a script
        one(browser, ".remove button").send_keys(Keys.ENTER)
        ended(browser)
        assert "Removed" in one(browser, ".outcomes").text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_nothing_of_a_report_runs_as_a_script(browser, adding, tmp_path):  # noqa: F811
    enter(browser, adding)
    path = tmp_path / NAME.replace("/", "")
    path.write_text(HOSTILE, "utf-8")
    browser.find_element(By.ID, "files").send_keys(f"{path}\n{files(tmp_path, second=SECOND)}")
    browser.find_element(By.ID, "of-all-company").send_keys(COMPANY)
    Select(browser.find_element(By.ID, "of-all-language")).select_by_value("en")
    browser.find_element(By.CSS_SELECTOR, ".files button").click()
    one(browser, "[data-change]")
    ended(browser)
    assert NAME in one(browser, ".outcomes").text
    report = browser.find_element(By.CSS_SELECTOR, ".outcomes [name=report]").get_attribute("value")
    assert browser.find_element(By.CSS_SELECTOR, ".outcomes [name=company]").get_attribute("value") == COMPANY
    assert browser.execute_script("return window.pwned") is None
    wait(
        browser,
        lambda driver: (driver.get(f"{adding}/reports/{report}"), driver.find_elements(By.CSS_SELECTOR, ".reader"))[1],
    )
    for language in ("zh-Hans", "zh-Hant", "en"):
        for page in VISITED:
            address = page.format(id=report, company=report.removesuffix("-2023"))
            browser.get(f"{adding}{address}{'&' if '?' in address else '?'}ui={language}")
            one(browser, "main")
            assert browser.execute_script("return window.pwned") is None, address
            assert browser.execute_script(f"return document.querySelectorAll('{RUNNING}').length") == 0, address
    assert [line for line in console(browser) if "Content Security Policy" in line] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_for_adding_shut_nobody_out(browser, adding, width):  # noqa: F811
    screen(browser, width)
    enter(browser, adding)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    browser.execute_script(AXE.read_text("utf-8"))
    assert grave(browser) == []
    assert console(browser) == []
