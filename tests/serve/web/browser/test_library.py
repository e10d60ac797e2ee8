"""The library and a skill's page in a browser: typing, narrowing down, reading, editing; by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.git.place import put
from tests.serve.place import Place, serving
from tests.serve.web.browser.look import accessible, fits_a_phone
from tests.serve.web.test_library import LONG, filed, fill
from tests.serve.web.test_skill import RICH, files

ROWS = "ol.skills > li"
SLOW = """
const ask = window.fetch;
window.fetch = async (address, options) => {
  const answer = await ask(address, options);
  if (address.endsWith("q=weekly")) await new Promise((done) => setTimeout(done, 1000));
  return answer;
};
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("library")) as place:
        fill(place.repo)
        many = {
            f"Users/ada/many-{number:03}/SKILL.md": filed(f"many-{number:03}", "Count", "n") for number in range(60)
        }
        put(place.repo, many)
        put(place.repo, {f"{RICH}/{name}": content for name, content in files().items()})
        yield place


def test_skills_are_found_while_one_types(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/library")
    accessible(page)
    expect(page.locator(ROWS)).to_have_count(50)
    page.get_by_role("searchbox").press_sequentially("weekly report", delay=20)
    expect(page.locator(ROWS).first.get_by_role("heading")).to_have_text("weekly-report")
    expect(page.get_by_role("status")).to_contain_text("for “weekly report”")
    expect(page).to_have_url(f"{place.url}/library?q=weekly+report")
    accessible(page)
    page.get_by_label("Used").select_option("never")
    expect(page).to_have_url(f"{place.url}/library?q=weekly+report&use=never")
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("weekly report")
    page.get_by_role("searchbox").fill("")
    expect(page.locator(ROWS)).to_have_count(50)
    page.get_by_role("searchbox").fill("zxqv qqqq")
    expect(page.get_by_role("heading", name="No skill answers that")).to_be_visible()


def test_the_last_that_was_typed_is_what_is_shown(page: Page, place: Place) -> None:
    page.add_init_script(SLOW)
    page.goto(f"{place.url}/library")
    page.get_by_role("searchbox").fill("weekly")
    page.wait_for_timeout(400)
    page.get_by_role("searchbox").fill("weekly report")
    expect(page.get_by_role("status")).to_contain_text("for “weekly report”")
    page.wait_for_timeout(800)
    expect(page.get_by_role("status")).to_contain_text("for “weekly report”")


def test_the_list_goes_on_by_parts_tags_and_shelves(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/library")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("51 to")).to_be_visible()
    page.get_by_role("link", name="Previous").click()
    page.get_by_role("navigation", name="Whose").get_by_role("link", name="team").click()
    expect(page.locator(ROWS)).to_have_count(2)
    page.get_by_role("navigation", name="Tags").get_by_role("link", name="pdf 2").click()
    expect(page.get_by_role("link", name="Without “pdf”")).to_be_visible()
    accessible(page)


def test_it_works_without_scripts(place: Place, page: Page) -> None:
    assert page.context.browser
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{place.url}/library")
    plain.get_by_role("searchbox").fill("minutes of a meeting")
    plain.get_by_label("Changed").select_option("any")
    plain.get_by_role("button", name="Apply").click()
    expect(plain.locator(ROWS).first.get_by_role("heading")).to_have_text("minutes")
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/library?lang=zh",
        "/library?q=report",
        f"/skills/{RICH}",
        f"/skills/Users/ada/{LONG}?lang=zh",
        "/skills/Users/ada/hostile",
        f"/edit/{RICH}",
    ],
)
def test_it_fits_a_phone(page: Page, place: Place, path: str) -> None:
    page.goto(f"{place.url}{path}")
    fits_a_phone(page)


def test_a_skill_is_read_with_its_files(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/skills/{RICH}")
    accessible(page)
    page.get_by_role("link", name="the guide").click()
    expect(page.get_by_role("heading", name="Guide", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "guide.md"
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as zip").click()
    assert download.value.suggested_filename == "rich.zip"


def test_a_skill_is_edited_and_removed(page: Page, place: Place) -> None:
    path = "Users/ada/many-000"
    page.goto(f"{place.url}/skills/{path}")
    page.get_by_role("link", name="Edit").click()
    text = page.get_by_label("The text of SKILL.md")
    text.fill(text.input_value() + "- Count twice.\n")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{place.url}/history/{path}?done=0.1.1")
    page.goto(f"{place.url}/skills/{path}")
    expect(page.get_by_text("Count twice.").first).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page).to_have_url(f"{place.url}/history/{path}")


def test_two_tabs_that_edit_the_same_skill_hear_of_each_other(page: Page, place: Place) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{place.url}/edit/Users/ada/many-001")
    for tab, rule in ((page, "- One.\n"), (other, "- Two.\n")):
        text = tab.get_by_label("The text of SKILL.md")
        text.fill(text.input_value() + rule)
        tab.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{place.url}/history/Users/ada/many-001?done=0.1.1")
    expect(other.get_by_role("alert")).to_contain_text("changed the skill meanwhile")


def test_a_common_skill_is_copied(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/skills/Common/haiku")
    page.get_by_role("button", name="Copy to my skills").click()
    expect(page).to_have_url(f"{place.url}/skills/Users/ada/haiku")
    expect(page.get_by_text("It is a copy of")).to_be_visible()
