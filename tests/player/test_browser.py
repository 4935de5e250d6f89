"""The player in a real browser, with the network shut."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.player import cell_player
from tests.browsing import browser_of, needs_browser

pytestmark = needs_browser
PATIENCE = 120_000  # milliseconds: the machine may be busy
PULSE = """() => {
  const look = () => {
    const {shadowRoot} = document.querySelector(".carousel-player");
    window.pulsed ||= shadowRoot.querySelector(".pulse:not([style*=none])") !== null;
    if (!window.pulsed) requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture(scope="module")
def page_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cell_player().save(tmp_path_factory.mktemp("player") / "player.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with browser_of() as browser:
        yield browser


class Opened:
    """A page with a player, and everything that it asked for or complained about."""

    def __init__(self, browser: object, path: Path, dark: bool = False, **options: object):
        self.asked, self.complaints = [], []
        self.context = browser.new_context(offline=True, **options)
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text))
        if dark:
            self.page.add_init_script(
                "addEventListener('DOMContentLoaded',"
                "() => document.body.style.setProperty('background', '#111', 'important'))"
            )
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".player")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def where(self) -> str:
        return self.page.locator(".where").text_content()

    def said(self) -> str:
        return self.page.get_by_role("status").text_content()

    def width(self, cell: str, key: str) -> float:
        ribbon = self.page.locator(f'svg[data-cell="{cell}"] .flow[data-key="{key}"] .ribbon')
        return float(ribbon.evaluate("node => parseFloat(node.style.strokeWidth) || 0"))

    def norm(self, cell: str, key: str) -> str:
        return self.page.locator(
            f'svg[data-cell="{cell}"] text.norm[data-key="{key}"]'
        ).text_content()


@pytest.fixture
def opened(browser: object, page_path: Path) -> Iterator[Opened]:
    view = Opened(browser, page_path)
    yield view
    assert view.complaints == []
    assert view.asked == [page_path.as_uri()], "something else was asked for"
    view.context.close()


def test_the_keyboard_alone_is_enough(opened: Opened) -> None:
    slider = opened.page.get_by_role("slider", name="Step of the sequence")
    slider.focus()
    keys = opened.page.keyboard
    for key, step in (
        ("ArrowRight", 2),
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("End", 40),
        ("Home", 1),
    ):
        keys.press(key)
        assert opened.where() == f"t = {step} of 40"
        assert slider.input_value() == str(step)
    keys.press("Space")
    opened.page.get_by_role("button", name="Pause").wait_for()
    keys.press("Space")
    opened.page.get_by_role("button", name="Play").wait_for()
    play = opened.page.get_by_role("button", name="Play")
    play.focus()
    keys.press("Space")  # once, not twice
    opened.page.get_by_role("button", name="Pause").wait_for()


def test_every_control_has_a_name_and_shows_its_focus(opened: Opened) -> None:
    for control in opened.page.locator(".player button, .player select, .player input").all():
        name = control.evaluate(
            "node => node.ariaLabel || node.labels?.[0]?.textContent || node.textContent"
        )
        assert name.strip()
        opened.page.keyboard.press("Tab")
        outline = opened.page.locator(".player :focus").evaluate(
            "node => getComputedStyle(node).outlineStyle"
        )
        assert outline == "solid"


def test_playing_moves_and_stops_at_the_end(opened: Opened) -> None:
    opened.page.get_by_label("Speed").select_option("8")
    opened.page.evaluate(PULSE)
    assert not opened.page.evaluate("window.pulsed")
    opened.press("Play")
    opened.page.get_by_text("t = 40 of 40").wait_for()
    opened.page.get_by_role("button", name="Play").wait_for()
    assert opened.page.evaluate("window.pulsed")
    assert opened.said().startswith("Forward pass. Step 40 of 40, noise.")


def test_gates_and_states_are_those_of_the_step(opened: Opened) -> None:
    opened.press("Step forward")
    shown = cell_player().data["scenes"][0]["cells"]["LSTM"]["gates"]
    for gate, values in shown.items():
        text = opened.page.locator(f'svg[data-cell="LSTM"] text.value[data-key="{gate}"]')
        assert float(text.text_content()) == pytest.approx(values[1], abs=0.006)
    assert f"forget gate {shown['f'][1]:.2f}" in opened.said()


def test_the_gradient_dies_in_the_rnn_and_rides_the_carousel(opened: Opened) -> None:
    opened.press("← Backward pass")
    assert opened.where() == "t = 40 of 40"
    assert opened.norm("SimpleRNN", "h") == "1.0"
    start = opened.width("SimpleRNN", "h")
    assert start == opened.width("LSTM", "h") == opened.width("GRU", "h") > 18
    opened.press("First step")
    assert opened.norm("SimpleRNN", "h") == "4·10⁻⁶" and opened.norm("LSTM", "c") == "0.12"
    assert opened.width("SimpleRNN", "h") < 0.3 * start
    assert opened.width("LSTM", "c") > 0.75 * start and opened.width("GRU", "h") > 0.75 * start
    assert "RNN: gradient of h 4 times 10 to the minus 6." in opened.said()
    assert "LSTM: gradient of the cell state 0.12, of h 0.00" not in opened.said()


def test_at_the_defaults_the_lstm_dies_too(opened: Opened) -> None:
    opened.page.get_by_label("Weights").select_option("default")
    opened.press("← Backward pass")
    opened.press("First step")
    assert opened.norm("LSTM", "c") == "9·10⁻⁵" and opened.norm("GRU", "h").endswith("10⁻⁹")
    assert "Keras’s defaults" in opened.page.locator(".caption").text_content()
    assert opened.width("LSTM", "c") < 0.5 * 22


def test_the_sentence_can_be_chosen(opened: Opened) -> None:
    opened.page.get_by_role("combobox", name="Sequence").select_option("sentence")
    opened.page.get_by_role("slider").fill("5")
    assert "Step 5 of 29, word “France”." in opened.said()
    assert opened.page.locator(".tokens .clue").text_content() == "France"


@pytest.mark.parametrize("dark", [False, True])
def test_it_can_be_read_in_light_and_dark(browser: object, page_path: Path, dark: bool) -> None:
    view = Opened(browser, page_path, dark)
    assert view.page.locator(".player").get_attribute("data-theme") == ("dark" if dark else "light")
    script = """node => {
      const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
      const rgb = (color) => {
        paint.fillStyle = color; paint.fillRect(0, 0, 1, 1);
        return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const style = getComputedStyle(node);
      const paper = getComputedStyle(node.closest(".player")).backgroundColor;
      return [rgb(node instanceof SVGElement ? style.fill : style.color), rgb(paper)];
    }"""
    for part in (".caption", ".where", ".field span", ".lane-GRU", ".lane-LSTM", ".lane-SimpleRNN",
                 ".cell .token", ".cell .squash", ".lane-value"):  # fmt: skip
        ink, paper = view.page.locator(part).first.evaluate(script)
        assert contrast(ink, paper) > 4.5, part
    assert view.complaints == []
    view.context.close()


def test_it_fits_a_narrow_page(browser: object, page_path: Path) -> None:
    view = Opened(browser, page_path, viewport={"width": 400, "height": 800})
    assert view.page.evaluate("document.documentElement.scrollWidth") <= 400
    lefts = {round(cell.bounding_box()["x"]) for cell in view.page.locator("svg.cell").all()}
    assert len(lefts) == 1
    view.context.close()


def test_without_motion_it_goes_by_whole_steps(browser: object, page_path: Path) -> None:
    view = Opened(browser, page_path, reduced_motion="reduce")
    view.press("Play")
    view.page.get_by_text(re.compile("t = ([2-9]|[1-4][0-9]) of 40")).wait_for()
    assert view.page.locator(".pulse:not([style*=none])").count() == 0
    view.context.close()


def test_two_players_on_one_page(browser: object, tmp_path: Path) -> None:
    path = tmp_path / "two.html"
    body = cell_player("LSTM").html() + cell_player(["SimpleRNN", "GRU"]).html()
    path.write_text(f"<meta charset=utf-8><body>{body}</body>", encoding="utf-8")
    view = Opened(browser, path)
    view.page.wait_for_function(
        "() => document.querySelectorAll('[data-lm-suppress-shortcuts]').length === 2"
    )
    names = [cell.get_attribute("data-cell") for cell in view.page.locator("svg.cell").all()]
    assert sorted(names) == ["GRU", "LSTM", "SimpleRNN"]
    assert view.complaints == []
    view.context.close()


def contrast(one: list[int], other: list[int]) -> float:
    """The ratio of WCAG 2, 1 to 21."""

    def light(color: list[int]) -> float:
        parts = [part / 255 for part in color]
        low = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * low[0] + 0.7152 * low[1] + 0.0722 * low[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast([0, 0, 0], [255, 255, 255]) == pytest.approx(21)
    assert re.match("4.4", str(contrast([119, 119, 119], [255, 255, 255])))
