"""LaTeX is shown as readable text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.rendering.latex import readable, readable_lines


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"e^{i\pi} + 1 = 0", "e^(iπ) + 1 = 0"),
        (r"\frac{a+b}{2} \leq \sqrt{x^2+y^2}", "(a+b)/2 ≤ √(x²+y²)"),
        (r"\sum_{i=1}^{n} x_i^2", "∑ᵢ₌₁ⁿ xᵢ²"),
        (r"f: \mathbb{R}^n \to \mathbb{R}", "f: ℝⁿ → ℝ"),
        (r"\hat{y} = \text{max}(0, x)", "ŷ = max(0, x)"),
        (r"90^\circ, \sqrt[3]{8}, \{1\}", "90°, ∛8, {1}"),
        (r"O(n \log n)", "O(n log n)"),
        (r"\left( x \right)", "( x )"),
        (r"\foo{x} \bar x", "\\foo{x} x̄"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "( a b; c d )"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", "{ 1, x > 0; 0, else"),
        ("{{{x", "x"),
        ("x}}} y", "x y"),
    ],
)
def test_formulas_are_readable(formula: str, text: str) -> None:
    assert readable(formula) == text


def test_formulas_on_their_own_keep_their_lines() -> None:
    assert readable_lines("\\[\nA = \\begin{bmatrix}\na & b \\\\\nc & d\n\\end{bmatrix}\n\\]") == ["A = [ a b; c d ]"]
    assert readable_lines("$$\n\\begin{aligned}\na &= b \\\\\n  &= c\n\\end{aligned}\n$$") == ["a = b", "= c"]


@given(st.text(alphabet="\\{}^_&$ abfrcsqt[]()\n", max_size=200))
def test_no_formula_is_too_much(formula: str) -> None:
    assert "\n" not in readable(formula)
