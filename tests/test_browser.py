"""The pages in real Chromium: ask, follow a citation, and see exactly the quoted characters highlighted.

Set TANTU_NO_BROWSER=1 where there is no Chromium and none can be installed; these tests are then left out.
"""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from kg.settings import resource

pytestmark = pytest.mark.skipif(os.environ.get("TANTU_NO_BROWSER") == "1", reason="TANTU_NO_BROWSER=1")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
REMEDY = "install Chromium and its driver (Debian: apt install chromium chromium-driver), or set TANTU_NO_BROWSER=1"
SECONDS = 20  # for a page on two busy cores
SHOWN = "/sparql?query=SELECT%20*%20%7B%3Fs%20a%20%3Chttps://w3id.org/tantu/o%23Target%3E%3B%3Fp%20%3Fo%7DLIMIT%2050"
CLAIM = "/check?text=中国移动2023年综合能耗为874.8万吨标准煤"
STUDIES = (
    "/compare",
    "/targets",
    "/risks",
    "/disclosure",
    "/technologies?company=zte",
    "/ledger",
    "/graph?iri=technology/5g",
    CLAIM,
)
PAGES = (
    "/",
    "/?q=PUE",
    "/search?q=PUE&ui=en",
    "/reports",
    "/reports/mobile-2020",
    "/sparql",
    SHOWN,
    *STUDIES,
    "/metric/pue",
)
BARE = ("/ontology", "/reports/mobil-2023")  # hundreds of rows of one kind, and a page with a sentence
AXE = Path(__file__).resolve().parent.parent / "web" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = """
const [options, done] = arguments;
axe.run(document, options).then(found => done(found.violations.filter(({impact}) => /serious|critical/.test(impact))
  .map(({id, nodes}) => `${id}: ${nodes.slice(0, 3).map(node => node.target.join(" ")).join(", ")}`)));
"""
MARKED = "return [...document.querySelectorAll('mark.quote')].map(mark => mark.textContent).join('')"
LOADED = "return performance.getEntriesByType('resource').map(entry => entry.name)"


def program(*names: str) -> str:
    """Return where one of some programs is.

    :raises pytest.fail.Exception: with the remedy, if none is there.
    """
    found = next(filter(None, map(shutil.which, names)), None)
    return found or pytest.fail(f"no {names[0]}: {REMEDY}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A Chromium with a fresh profile that talks to nobody but the tests."""
    options = Options()
    options.binary_location = program(*BROWSERS)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}", "--lang=zh-CN"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(program("chromedriver", "chromium.chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(autouse=True)
def _desk(browser):
    """Every test begins at a desk's screen, in light."""
    screen(browser, 1280)


def screen(browser, width: int, scheme: str = "light") -> None:
    """Set the width of the screen in CSS pixels, and what the system wishes of light and dark."""
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    # A link that is still gliding into view cannot be clicked.
    wishes = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
    wish = {"features": [{"name": name, "value": value} for name, value in wishes.items()]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)


def wait(browser, condition):
    """Wait until a condition holds and return what it gave."""
    return WebDriverWait(browser, SECONDS).until(condition)


def one(browser, selector: str):
    """Wait for an element."""
    return wait(browser, lambda driver: driver.find_element(By.CSS_SELECTOR, selector))


def report_text(report: str) -> str:
    """Return a report's text as it stands in seeds/."""
    return (resource("seeds") / f"{report}.txt").read_bytes().decode("utf-8")


def follow(browser, link) -> str:
    """Click a citation; return the characters of the report that its address names, once they are highlighted."""
    link.click()
    one(browser, "mark#quote")
    report, start, end = re.search(r"/reports/([\w-]+)\?.*#char=(\d+),(\d+)$", browser.current_url).groups()
    return report_text(report)[int(start) : int(end)]


def assert_highlighted(browser, quote: str) -> None:
    """Check that exactly these characters are highlighted, on the screen, on another ground than the page's."""
    assert browser.execute_script(MARKED) == quote
    mark = browser.find_element(By.ID, "quote")
    box = browser.execute_script("return arguments[0].getBoundingClientRect().toJSON()", mark)
    assert 0 <= box["top"] < 844
    assert mark.value_of_css_property("background-color") not in ("rgba(0, 0, 0, 0)", "rgba(250, 248, 243, 1)")


def console(browser) -> list[str]:
    """Return what the console complained of; a 404 that was asked for is none."""
    return [
        entry["message"] for entry in browser.get_log("browser") if "Failed to load resource" not in entry["message"]
    ]


@pytest.mark.parametrize(
    "question",
    ["2023年中国移动一共节电多少度？", "What were China Mobile's Scope 2 (indirect) GHG emissions in 2023?"],
    ids=["zh", "en"],
)
def test_ask_and_follow_the_citation(browser, server, question):
    browser.get(server)
    box = browser.switch_to.active_element
    assert box.get_attribute("name") == "q", "the cursor is not in the question box"
    box.send_keys(question, Keys.ENTER)
    assert one(browser, ".sentence").text
    assert browser.find_element(By.CSS_SELECTOR, "[data-sparql]").get_attribute("value").strip()
    card = one(browser, ".card")
    shown = "".join(mark.get_attribute("textContent") for mark in card.find_elements(By.CSS_SELECTOR, "mark.quote"))
    quote = follow(browser, card.find_element(By.CSS_SELECTOR, ".actions a"))
    assert shown in ("", quote)
    assert_highlighted(browser, quote)
    assert console(browser) == []


def test_offsets_count_characters_and_not_utf16(browser, server):
    text = report_text("unicom-2023")
    start = text.index("完善綠色發展治理體系")
    assert any(ord(character) > 0xFFFF for character in text[:start]), "the text before holds an emoji"
    browser.get(f"{server}/reports/unicom-2023#char={start},{start + 10}")
    one(browser, "mark#quote")
    assert_highlighted(browser, "完善綠色發展治理體系")


def test_a_quote_over_several_lines_is_highlighted_whole(browser, server):
    text = report_text("unicom-2023")
    start = text.index("節約投資超過\n\n3,400 億元")
    for address in (f"#char={start},{start + 17}", f"?start={start}&end={start + 17}#char={start},{start + 17}"):
        browser.get(f"{server}/reports/unicom-2023{address}")
        one(browser, "mark#quote")
        assert_highlighted(browser, text[start : start + 17])


def test_the_text_stays_whole_when_quotes_come_and_go(browser, server):
    browser.get(f"{server}/reports/mobile-2023#char=100,140")
    for place in ("#char=0,300", "#char=5000,5600", "#char=12,13"):
        browser.execute_script("location.hash = arguments[0]", place)
        start, end = map(int, re.findall(r"\d+", place))
        wait(browser, lambda driver, a=start, b=end: driver.execute_script(MARKED) == report_text("mobile-2023")[a:b])
    blocks = "return [...document.querySelectorAll('.block')].map(block => block.textContent).join('')"
    assert browser.execute_script(blocks) == report_text("mobile-2023")


def test_notes_stand_level_with_their_quotes(browser, server):
    browser.get(f"{server}/reports/mobile-2023")
    note = one(browser, ".placed .note")
    quote = browser.find_element(By.CSS_SELECTOR, f"[data-facts~='{note.get_attribute('data-note')}']")
    assert abs(note.rect["y"] - quote.rect["y"]) < 12
    note.find_element(By.CSS_SELECTOR, ".to-quote").click()
    start, end = int(note.get_attribute("data-start")), int(note.get_attribute("data-end"))
    wait(browser, lambda driver: driver.execute_script(MARKED) == report_text("mobile-2023")[start:end])


def test_on_a_phone_a_tap_on_a_quote_shows_its_notes_and_moves_no_word(browser, server):
    screen(browser, 390)
    browser.get(f"{server}/reports/mobile-2023")
    quote = one(browser, "[data-facts]")
    note = browser.find_element(By.ID, f"note-{quote.get_attribute('data-facts').split()[0]}")
    assert not note.is_displayed()
    top = "return arguments[0].getBoundingClientRect().top"
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", quote)
    before = browser.execute_script(top, quote)
    quote.click()
    assert note.is_displayed()
    assert browser.execute_script(top, quote) == before
    assert browser.execute_script(top, note) > before


def test_the_outline_leads_to_a_heading_and_says_that_one_is_there(browser, server):
    browser.get(f"{server}/reports/telecom-2023")
    link = one(browser, ".placed") and browser.find_element(By.PARTIAL_LINK_TEXT, "加速推进老旧设施清理")
    browser.execute_script("document.documentElement.style.scrollBehavior = 'auto'; arguments[0].click()", link)
    wait(browser, lambda driver: [here.text for here in driver.find_elements(By.CSS_SELECTOR, ".here")] == [link.text])
    target = browser.find_element(By.ID, link.get_attribute("hash")[1:])
    assert link.text in target.text
    assert 0 < browser.execute_script("return arguments[0].getBoundingClientRect().top", target) < 200


def test_find_in_the_other_script_counts_while_typing_and_scrolls_when_asked(browser, server):
    def count(driver):
        return re.findall(r"\d+", driver.find_element(By.CSS_SELECTOR, "[data-places]").text)

    browser.get(f"{server}/reports/unicom-2023")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    box = browser.switch_to.active_element
    assert box.get_attribute("id") == "find"
    box.send_keys("节约投资")
    (places,) = wait(browser, count)
    assert browser.execute_script("return scrollY") == 0
    box.send_keys(Keys.ENTER)
    assert wait(browser, lambda driver: len(count(driver)) == 2 and count(driver)) in (["1", places], [places, "1"])
    wait(browser, lambda driver: driver.execute_script("return scrollY") > 0)
    box.clear()
    box.send_keys("绿色数据中心", Keys.ENTER)  # Enter before the places are here
    found = "return [...CSS.highlights.get('found') ?? []].map(range => range.toString())"
    wait(browser, lambda driver: set(driver.execute_script(found)) == {"綠色數據中心"})
    wait(browser, lambda driver: len(count(driver)) == 2)


def test_a_query_is_edited_and_run_in_place(browser, server):
    browser.get(f"{server}/?q=PUE")
    area = one(browser, "[data-sparql]")
    browser.execute_script("arguments[0].value = 'SELECT ?x\\n{ ?x ?y }'", area)
    area.send_keys(Keys.CONTROL, Keys.ENTER)
    assert "2" in one(browser, ".problem .where").text
    area = browser.find_element(By.CSS_SELECTOR, "[data-sparql]")
    query = (
        "SELECT ?fact ?n { { SELECT ?fact { ?fact a <https://w3id.org/tantu/o#Observation> } LIMIT 3 } BIND(1 AS ?n) }"
    )
    browser.execute_script("arguments[0].value = arguments[1]", area, query)
    area.send_keys(Keys.CONTROL, Keys.ENTER)
    wait(browser, lambda driver: len(driver.find_elements(By.CSS_SELECTOR, "[data-result] tbody tr")) == 3)
    assert browser.switch_to.active_element.get_attribute("name") == "sparql", "the run took the focus away"
    assert "sparql=" in browser.current_url, "the address does not hold the edited query"
    link = browser.find_element(By.CSS_SELECTOR, "[data-result] td a.row")
    link.click()
    assert one(browser, ".resource .iri").text.startswith("https://w3id.org/tantu/fact/")


EDITOR = "document.querySelector('.CodeMirror').CodeMirror"


def written(browser, query: str, line: int | None = None):
    """Write a query into the editor, put the caret at the end of a line, and return what takes the keys."""
    one(browser, ".CodeMirror")
    script = (
        f"const it = {EDITOR}; it.setValue(arguments[0]); it.focus(); it.setCursor({{line: arguments[1], ch: 999}})"
    )
    browser.execute_script(script, query, query.count("\n") if line is None else line)
    return browser.switch_to.active_element


def test_the_editor_runs_an_example_and_fetches_nothing_from_elsewhere(browser, server):
    browser.get(f"{server}/sparql?ui=en")
    one(browser, ".yasqe .CodeMirror")
    browser.execute_script(
        "[...document.querySelectorAll('[data-example]')].find(a => a.href.includes('o%3ATarget')).click()"
    )
    rows = one(browser, "#result tbody tr") and browser.find_elements(By.CSS_SELECTOR, "#result tbody tr")
    label = rows[0].find_element(By.CSS_SELECTOR, "td a[href^='/fact/']")
    assert "China" in label.text, "the label stands beside the IRI"
    assert label.find_element(By.XPATH, "following-sibling::code").text.startswith("f:")
    assert "query=PREFIX" in browser.current_url
    assert browser.find_element(By.CSS_SELECTOR, "[data-example][aria-current]").is_displayed()
    assert [address for address in browser.execute_script(LOADED) if not address.startswith(server)] == []


def test_names_are_completed_by_their_chinese_label(browser, server):
    browser.get(f"{server}/sparql?ui=zh-Hans")
    keys = written(browser, "SELECT * WHERE {\n  ?fact o:metric \n}", 1)
    keys.send_keys("能耗")
    assert "综合能耗" in one(browser, ".CodeMirror-hint-active .label").text
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    wait(browser, lambda driver: "m:energy-consumption" in driver.execute_script(f"return {EDITOR}.getValue()"))
    assert "PREFIX m:" in browser.execute_script(f"return {EDITOR}.getValue()")
    browser.switch_to.active_element.send_keys(Keys.CONTROL, Keys.ENTER)
    one(browser, "#result tbody tr")
    assert "PREFIX o:" in browser.execute_script(f"return {EDITOR}.getValue()"), "our prefixes are declared"


def test_a_link_to_a_query_shows_its_rows_and_chart_and_back_leads_to_the_one_before(browser, server):
    first, second = "SELECT ?n { VALUES ?n { 1 2 } }", "SELECT ?m ?n { VALUES (?m ?n) { ('a' 1) ('b' 20) } }"
    browser.get(f"{server}/sparql?query={quote(first)}")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#result tbody tr")) == 2
    written(browser, second).send_keys(Keys.CONTROL, Keys.ENTER)
    bars = wait(browser, lambda driver: driver.find_elements(By.CSS_SELECTOR, ".drawing .bar"))
    assert [bar.rect["width"] > 100 for bar in bars] == [False, True]
    assert len(browser.find_elements(By.CSS_SELECTOR, "#result tbody tr")) == 2, "the table stays"
    permalink = one(browser, "[data-permalink]").get_attribute("href")
    assert permalink == browser.current_url
    browser.find_element(By.XPATH, "//th//button[.='m']").click()
    browser.find_element(By.XPATH, "//th//button[.='m']").click()
    assert browser.find_element(By.CSS_SELECTOR, "#result tbody td").text == "b"
    browser.back()
    wait(browser, lambda driver: driver.execute_script(f"return {EDITOR}.getValue()") == first)
    wait(browser, lambda driver: not driver.find_elements(By.CSS_SELECTOR, ".drawing"))


def test_the_editor_explains_a_query_and_says_where_one_is_wrong(browser, server):
    browser.get(f"{server}/sparql?ui=en")
    query = 'SELECT ?fact { SERVICE search:facts { ?fact search:query "PUE" } }'
    written(browser, query)
    one(browser, "[name=explain]").click()
    said = wait(browser, lambda driver: driver.find_element(By.CSS_SELECTOR, ".explained").text)
    assert "search:facts (line" in said
    assert " hits of " in said
    assert "VALUES (?fact" in said
    written(browser, "SELECT * {\n  ?s ?p }} ").send_keys(Keys.CONTROL, Keys.ENTER)
    assert "Line 2" in one(browser, "#result .problem .where").text
    assert browser.execute_script(f"return {EDITOR}.getCursor().line") == 1


def test_on_a_phone_the_editor_begins_at_the_top(browser, server):
    screen(browser, 390)
    browser.get(f"{server}/sparql")
    one(browser, ".CodeMirror-code")
    assert browser.execute_script("return scrollY") == 0
    assert browser.switch_to.active_element.tag_name == "body"
    assert not browser.find_element(By.CSS_SELECTOR, "[data-example]").is_displayed(), "the examples cover no code"


def test_opening_a_citation_moves_no_word_of_its_row_and_a_phone_has_a_way_to_the_query(browser, server):
    browser.get(f"{server}/?q=PUE")
    summary = one(browser, ".cite summary")
    before = summary.rect
    summary.click()
    assert one(browser, ".cite[open] [data-citation]").is_displayed()
    assert summary.rect == before
    summary.click()
    assert not browser.find_element(By.CSS_SELECTOR, "[data-citation]").is_displayed()
    assert not one(browser, ".to-query").is_displayed()
    screen(browser, 390)
    browser.execute_script("document.documentElement.style.scrollBehavior = 'auto'")
    one(browser, ".to-query").click()
    top = "return document.querySelector('[data-panel]').getBoundingClientRect().top"
    wait(browser, lambda driver: 0 <= driver.execute_script(top) < 844)


def test_on_paper_all_evidence_and_all_notes_are_there(browser, server):
    shown = "return [...document.querySelectorAll(arguments[0])].map(each => each.checkVisibility())"
    browser.get(f"{server}/?q=联通识别了哪些气候风险？")
    folded = one(browser, "details.more")
    for event, is_open in (("beforeprint", "true"), ("afterprint", None)):
        browser.execute_script("dispatchEvent(new Event(arguments[0]))", event)
        assert folded.get_attribute("open") == is_open, "printing opens what is folded and folds it again"
    for width in (794, 1280):
        screen(browser, width)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert set(browser.execute_script(shown, ".card blockquote")) == {True}
        address = "return getComputedStyle(document.querySelector('.source .title'), '::after').content"
        assert server in browser.execute_script(address)
    browser.get(f"{server}/reports/mobile-2023")
    for width in (794, 1280):
        screen(browser, width)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert set(browser.execute_script(shown, ".note")) == {True}
        assert one(browser, ".note").value_of_css_property("position") == "static"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_reading_with_the_keyboard(browser, server):
    browser.get(f"{server}/?q=PUE")
    body = one(browser, "body")
    body.send_keys("jj")
    assert browser.switch_to.active_element.get_attribute("data-item") is not None
    second = browser.switch_to.active_element.get_attribute("id")
    browser.switch_to.active_element.send_keys("k")
    assert browser.switch_to.active_element.get_attribute("id") != second
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert_highlighted(browser, (one(browser, "mark#quote"), browser.execute_script(MARKED))[1])
    body = one(browser, "body")
    body.send_keys("?")
    assert one(browser, "dialog[open]").is_displayed()


# The file is caught where it would be kept: a folder for downloads is a matter of the browser's settings.
CATCH = """
HTMLAnchorElement.prototype.click = function () { window.kept = this.download };
URL.createObjectURL = blob => { createImageBitmap(blob).then(({width, height}) => window.size = [width, height]); return "" };
document.querySelector("[data-png]").dispatchEvent(new Event("click", {bubbles: true, cancelable: true}));
"""


def test_a_drawing_becomes_a_png_in_the_browser(browser, server):
    browser.get(f"{server}/ledger")
    browser.execute_script(CATCH)
    width, height = wait(browser, lambda driver: driver.execute_script("return window.size"))
    assert width > 1000
    assert height > 500
    assert browser.execute_script("return window.kept") == "tantu-ledger.png"
    assert console(browser) == []


def test_the_skip_link_comes_first(browser, server):
    browser.get(f"{server}/reports")
    one(browser, "body").send_keys(Keys.TAB)
    skip = browser.switch_to.active_element
    assert skip.get_attribute("class") == "skip"
    assert skip.rect["y"] >= 0


def grave(browser, **options) -> list[str]:
    """Return what axe finds serious or critical on the page as it is, each with the elements."""
    return browser.execute_async_script(GRAVE, {"preload": False, "resultTypes": ["violations"], **options})


@pytest.mark.parametrize("path", [*PAGES, *BARE])
def test_no_page_scrolls_sideways_complains_or_shuts_anybody_out(browser, server, path):
    screen(browser, 390, "dark")
    browser.get(server + path)
    one(browser, "main")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    if path in PAGES:
        assert AXE.exists(), "make frontend"
        browser.execute_script(AXE.read_text("utf-8"))
        assert grave(browser) == []
    screen(browser, 1280)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 1280
    if path in PAGES:  # the rules that the width and the light are no matter to have been asked
        assert grave(browser, runOnly=["color-contrast", "link-in-text-block", "label-content-name-mismatch"]) == []
    assert console(browser) == []


def test_light_and_dark(browser, server):
    ground = "return getComputedStyle(document.documentElement).backgroundColor"
    browser.get(server)
    light = browser.execute_script(ground)
    screen(browser, 1280, "dark")
    dark = browser.execute_script(ground)
    assert light != dark
    switch = browser.find_element(By.CSS_SELECTOR, "[data-theme-switch]")
    switch.click()
    assert browser.execute_script(ground) == light, "the first click asks for light"
    browser.refresh()
    assert browser.execute_script(ground) == light, "the choice is not kept"
    browser.delete_all_cookies()


def test_pages_are_readable_without_scripts(browser, server):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(f"{server}/reports/mobile-2023?start=100&end=140#quote")
        marks = browser.find_elements(By.CSS_SELECTOR, "mark.quote")
        assert "".join(mark.get_attribute("textContent") for mark in marks) == report_text("mobile-2023")[100:140]
        browser.get(f"{server}/?q=PUE")
        assert browser.find_element(By.CSS_SELECTOR, ".card blockquote").is_displayed()
        browser.get(f"{server}/graph?iri=metric/pue")
        assert browser.find_element(By.CSS_SELECTOR, ".around svg").is_displayed()
        browser.get(f"{server}/sparql")
        browser.find_element(By.CSS_SELECTOR, ".asking button").click()
        wait(browser, lambda driver: len(driver.find_elements(By.CSS_SELECTOR, "#result tbody tr")) == 10)
        assert browser.find_element(By.NAME, "query").get_attribute("value").startswith("PREFIX")
        assert not browser.find_element(By.CSS_SELECTOR, ".theme").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_missing_browser_is_said_with_its_remedy():
    with pytest.raises(pytest.fail.Exception, match="apt install chromium"):
        program("no-such-browser")


def test_the_bundle_is_built():
    folder = Path(__file__).resolve().parent.parent / "web" / "static" / "dist"
    assert {path.name for path in folder.glob("*.*s")} >= {"app.js", "app.css", "editor.js", "editor.css"}, (
        "make frontend"
    )
