"""Draws the icons of the installed app, static/img/*.png, from static/img/favicon.svg."""

from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.obtain_browser import find_browser

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
ROUNDED = 'rx="5"'
# Phones cut their own shape out of the square ones; the mark lies within the inner 80 %.
ICONS = {
    "icon-192.png": (192, ROUNDED),
    "icon-512.png": (512, ROUNDED),
    "icon-maskable-512.png": (512, 'rx="0"'),
    "apple-touch-icon.png": (180, 'rx="0"'),
}


def main() -> None:
    """Draw all of them anew."""
    drawing = (IMAGES / "favicon.svg").read_text(encoding="utf-8")
    assert ROUNDED in drawing
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        page = browser.new_page()
        for name, (side_px, corners) in ICONS.items():
            draw(page, drawing.replace(ROUNDED, corners), side_px, IMAGES / name)
        browser.close()


def draw(page: Page, drawing: str, side_px: int, path: Path) -> None:
    """Take a picture of the drawing, `side_px` wide and high, on a transparent ground."""
    page.set_viewport_size({"width": side_px, "height": side_px})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{drawing}")
    page.screenshot(path=path, omit_background=True)
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
