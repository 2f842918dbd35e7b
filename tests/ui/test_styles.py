"""The stylesheet that looks at all rules once for a place comes to what Textual's own comes to, wherever the app is."""

from __future__ import annotations

from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import look_for, open_settings


def _parts(node: DOMNode) -> dict[str, DOMNode]:
    return {name: styles.node for name, styles in node._component_styles.items() if styles.node is not None}


def _worn_otherwise(app: App[None]) -> list[str]:
    """Return each node that wears other styles than Textual's own look at all rules finds for it."""
    worn_otherwise = []
    for screen in app.screen_stack:
        for node in screen.walk_children(with_self=True):
            for name, styled in {"": node, **_parts(node)}.items():
                worn = dict(styled.styles.base.get_rules())
                plain = DOMNode(classes=name) if name else styled
                if name:
                    plain._attach(node)
                Stylesheet.apply(app.stylesheet, plain)
                if dict(plain.styles.base.get_rules()) != worn:
                    worn_otherwise.append(f"{node.css_identifier} {name}")
    return worn_otherwise


async def test_all_that_is_shown_wears_what_its_place_asks_for(opened: Opener) -> None:
    async with opened(size=(120, 40)) as stage:

        async def check(*keys: str) -> None:
            await stage.pilot.press(*keys)
            assert _worn_otherwise(stage.app) == [], keys

        await check()
        await stage.ask("# Words\n\n`code` and a [link](https://a.b)")
        await check("tab")
        await check("shift+tab", "x")
        await _through_screens(stage)
        await check()
        stage.program.settings.set("ui.theme", "light")
        stage.app.apply_settings()
        await check("ctrl+a")
        await stage.pilot.resize_terminal(60, 15)
        await check()


async def _through_screens(stage: Stage) -> None:
    """Open screens over the chat, look at each and at what is below it, and leave it."""
    await open_settings(stage)
    assert _worn_otherwise(stage.app) == []
    await stage.pilot.press("down", "escape")
    await look_for(stage, "show the help", "Show the help")
    assert _worn_otherwise(stage.app) == []
    await stage.pilot.press("escape", "f3")
    assert _worn_otherwise(stage.app) == []
    await stage.pilot.press("escape")
