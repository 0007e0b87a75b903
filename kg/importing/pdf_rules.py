"""The rules on a page of a PDF: the lines and thin boxes that tables are drawn with."""

import ctypes
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from typing import Any

import pypdfium2.raw as pdfium

from kg.importing.paper import Box, around

THIN = 2.5  # points; a thicker box is a surface
SHORT = 6.0  # points; a shorter rule parts no cells
LEVEL, GAP = 1.0, 1.5  # points by which pieces of one rule differ in height, and lie apart
OBJECTS = 20_000  # on a page, in drawings too; a map or chart has more, and no table
SEGMENTS = 2_000  # of a path; a curve has more, and no table
DEEPEST = 4  # drawings in drawings

Point = tuple[float, float]
Place = Callable[[Point], Point]


def rules_of(page: Any) -> list[Box]:
    """Return the rules of a page as boxes, in the coordinates of the file: y grows upwards."""
    drawn = (pdfium.FPDFPage_GetObject(page, number) for number in range(pdfium.FPDFPage_CountObjects(page)))
    paths = islice(_paths(drawn, lambda point: point, 0), OBJECTS)
    found = [rule for path in paths if path for rule in _rules(*path)]
    across = _joined([rule for rule in found if rule.width > rule.height])
    down = _joined([_mirrored(rule) for rule in found if rule.width <= rule.height])
    return [*across, *map(_mirrored, down)]


def _joined(rules: list[Box]) -> list[Box]:
    """Return horizontal rules with those as one that were drawn piece by piece, cell after cell."""
    joined: list[Box] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.middle / LEVEL), rule.left)):
        last = joined[-1] if joined else None
        if last and abs(last.middle - rule.middle) < LEVEL and rule.left - last.right < GAP:
            joined[-1] = around((last, rule))
        else:
            joined.append(rule)
    return joined


def _mirrored(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)


def _paths(drawn: Iterator[Any], place: Place, depth: int) -> Iterator[tuple[Any, Place] | None]:
    """Yield the paths among objects and in drawings of theirs; None for what is none, so that all can be counted."""
    for item in drawn:
        kind = pdfium.FPDFPageObj_GetType(item)
        yield (item, _placed(item, place)) if kind == pdfium.FPDF_PAGEOBJ_PATH else None
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            count = pdfium.FPDFFormObj_CountObjects(item)
            inner = (pdfium.FPDFFormObj_GetObject(item, number) for number in range(count))
            yield from _paths(inner, _placed(item, place), depth + 1)


def _placed(item: Any, place: Place) -> Place:
    """Return where the points of an object lie on the page."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f
    return lambda point: place((a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f))


def _rules(path: Any, place: Place) -> list[Box]:
    """Return the rules that a path draws: its thin parts, and the sides of those that are only outlined."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    count = pdfium.FPDFPath_CountSegments(path)
    if count > SEGMENTS or not (fill.value or stroke.value):
        return []
    found = []
    for points in _parts(path, count, place):
        whole = _between(points)
        if _is_rule(whole):
            found.append(whole)
        elif stroke.value:
            sides = (_between(pair) for pair in pairwise(points))
            found += [side for side in sides if _is_rule(side)]
    return found


def _parts(path: Any, count: int, place: Place) -> Iterator[list[Point]]:
    """Yield the points of each part of a path, the first again at the end where it is closed."""
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(place((x.value, y.value)))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _between(points: list[Point] | tuple[Point, Point]) -> Box:
    return around(Box(x, y, x, y) for x, y in points)


def _is_rule(box: Box) -> bool:
    return min(box.width, box.height) <= THIN and max(box.width, box.height) >= SHORT
