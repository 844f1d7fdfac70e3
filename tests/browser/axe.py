"""What a page does wrong for somebody: axe's findings, sideways scrolling, where the keyboard's focus is."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE

STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS: dict[str, dict[str, Any]] = {
    "phone-light": {"viewport": PHONE, "color_scheme": "light"},
    "desktop-dark": {"viewport": DESKTOP, "color_scheme": "dark"},
}
FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  if (!node || node === document.body) return null;
  const { top, bottom, left, right, width, height } = node.getBoundingClientRect();
  const { outlineStyle, outlineWidth, display } = getComputedStyle(node);
  return {
    name: node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent ?? node.textContent.trim().slice(0, 60),
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    seen: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    large: (width >= 24 && height >= 24) || (node.localName === "a" && display === "inline"),
    html: node.outerHTML.slice(0, 160),
  };
}"""


ARRIVED = """() => {
  const roots = [document, ...[...document.querySelectorAll("*")].flatMap(e => e.shadowRoot ?? [])];
  const fading = roots.flatMap(root => root.getAnimations()).filter(a => a.effect.getComputedTiming().endTime < 2000);
  return Promise.allSettled(fading.map(a => a.finished));
}"""
"""Animations that end soon, in shadow trees too, have ended: what is half faded in has no contrast yet."""


def faults(page: Page) -> list[str]:
    """What axe complains about, each with the elements meant, once what fades in has arrived."""
    page.evaluate(ARRIVED)
    found = Axe().run(page, options=STANDARD).response["violations"]
    return [f"{fault['id']}: {fault['help']}: {[node['target'] for node in fault['nodes']]}" for fault in found]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def focused(page: Page) -> dict[str, Any] | None:
    """What has the focus, also inside a shadow root: {name, outlined, seen, large, html}; None for nothing."""
    found: dict[str, Any] | None = page.evaluate(FOCUSED)
    return found
