"""Draws a plot of seconds by number of cases, with logarithmic axes, as PNG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1400, 900
LEFT, RIGHT, TOP, BOTTOM = 120, 330, 80, 90
INK, FAINT = "#222222", "#DDDDDD"


@dataclass(frozen=True)
class Line:
    """One line of a plot. `points` are (cases, seconds)."""

    name: str
    colour: str
    points: list[tuple[float, float]]


def draw(path: Path, title: str, lines: list[Line]) -> None:
    """Writes the plot. Lines without points are left out."""
    shown = [line for line in lines if line.points]
    xs = [math.log10(x) for line in shown for x, _ in line.points]
    ys = [math.log10(y) for line in shown for _, y in line.points]
    low_x, high_x = math.floor(min(xs)), math.ceil(max(xs))
    low_y, high_y = math.floor(min(ys)), math.ceil(max(ys))
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    font, large = ImageFont.load_default(22), ImageFont.load_default(28)

    def at(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - low_x) / max(1, high_x - low_x)
        up = (math.log10(y) - low_y) / max(1, high_y - low_y)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    pen.text((LEFT, 25), title, fill=INK, font=large)
    for power in range(low_x, high_x + 1):
        x, y = at(10**power, 10**low_y)
        pen.line([(x, y), at(10**power, 10**high_y)], fill=FAINT, width=2)
        pen.text((x, y + 12), f"{10**power:,}", fill=INK, font=font, anchor="ma")
    for power in range(low_y, high_y + 1):
        x, y = at(10**low_x, 10**power)
        pen.line([(x, y), at(10**high_x, 10**power)], fill=FAINT, width=2)
        pen.text((x - 12, y), f"{10.0**power:g} s", fill=INK, font=font, anchor="rm")
    pen.text(((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 30), "cases", fill=INK, font=font, anchor="ma")
    ends: list[float] = []
    for line in sorted(shown, key=lambda line: at(*line.points[-1])[1]):
        places = [at(x, y) for x, y in line.points]
        pen.line(places, fill=line.colour, width=5)
        for x, y in places:
            pen.ellipse([x - 7, y - 7, x + 7, y + 7], fill=line.colour)
        x, y = places[-1]
        while any(abs(y - other) < 26 for other in ends):
            y += 4
        ends.append(y)
        pen.text((WIDTH - RIGHT + 25, y), line.name, fill=line.colour, font=font, anchor="lm")
        pen.line([(places[-1][0] + 9, places[-1][1]), (WIDTH - RIGHT + 18, y)], fill=line.colour, width=1)
    image.save(path)
