"""One theme: paper and ink, one accent for footnotes, system fonts."""

from pathlib import Path

import gradio as gr

ASSETS = Path(__file__).parent / "assets"

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def asset(name: str) -> str:
    """Return one of the page's own style sheets or scripts."""
    return (ASSETS / name).read_text(encoding="utf-8")


def theme() -> gr.themes.Base:
    """Return Gradio's base theme in our colours, which `page.css` names for light and dark."""
    base = gr.themes.Base(
        font=list(SANS),
        font_mono=list(MONO),
        radius_size=gr.themes.sizes.radius_md,
    )
    both = {
        "body_background_fill": "var(--paper)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--ink-soft)",
        "background_fill_primary": "var(--paper)",
        "background_fill_secondary": "var(--paper-deep)",
        "block_background_fill": "transparent",
        "block_border_width": "0px",
        "block_shadow": "none",
        "block_label_background_fill": "transparent",
        "block_label_text_color": "var(--ink-soft)",
        "block_title_text_color": "var(--ink-soft)",
        "border_color_primary": "var(--rule)",
        "border_color_accent": "var(--accent)",
        "color_accent": "var(--accent)",
        "color_accent_soft": "var(--accent-wash)",
        "input_background_fill": "var(--sheet)",
        "input_background_fill_focus": "var(--sheet)",
        "input_border_color": "var(--field)",
        "input_border_color_focus": "var(--accent)",
        "input_placeholder_color": "var(--ink-soft)",
        "input_shadow": "none",
        "input_shadow_focus": "none",
        "link_text_color": "var(--accent)",
        "link_text_color_hover": "var(--ink)",
        "button_primary_background_fill": "var(--ink)",
        "button_primary_background_fill_hover": "var(--accent)",
        "button_primary_text_color": "var(--paper)",
        "button_secondary_background_fill": "transparent",
        "button_secondary_background_fill_hover": "var(--paper-deep)",
        "button_secondary_text_color": "var(--ink)",
    }
    dark = {f"{name}_dark": value for name, value in both.items() if hasattr(base, f"{name}_dark")}
    return base.set(**both, **dark)
