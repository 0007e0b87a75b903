"""Units: surface forms, composite units, their factors and codes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.grammar.unit_names import unit_names
from kg.units import UNIT, units


@pytest.mark.parametrize("text", ["2020", "(2023)", "类别一", "12", "management"])
def test_what_names_no_unit(text, vocabulary):
    assert unit_names(vocabulary).read(text) is None


def test_a_name_divides_its_unit(vocabulary):
    names = unit_names(vocabulary)
    divided = names.divided("kg CO2e", "Emissions per subscriber ")
    assert divided is not None
    assert (divided.code, divided.factor) == ("other", 1)
    assert names.divided("kg CO2e", "Emissions per year ") is None
    assert names.divided("%", "Share per site ") is None


@pytest.mark.parametrize(
    ("text", "code", "factor"),
    [
        ("吨标准煤", "tce", 1),
        ("千克标准煤", "tce", Decimal("0.001")),
        ("噸標準煤", "tce", 1),
        ("MWh", "kWh", 1000),
        ("兆瓦时", "kWh", 1000),
        ("度", "kWh", 1),
        ("百万吨", "t", 1000000),
        ("万吨二氧化碳当量", "tCO2e", 10000),
        ("ktCO2e", "tCO2e", 1000),
        ("千峰瓦", "kWp", 1),
        ("個百分點", "percent", 1),
        ("per cent", "percent", 1),
        ("亿元", "CNY", 100000000),
        ("吨二氧化碳当量/百万元营收", "tCO2e_per_million_CNY", 1),
        ("吨二氧化碳/万元", "tCO2e_per_million_CNY", 100),
        ("吨标准煤/万元", "kgce_per_10k_CNY", 1000),
        ("kgce/TB", "kgce_per_TB", 1),
        ("tCO2e per million RMB", "tCO2e_per_million_CNY", 1),
        ("公顷", "m2", 10000),
        ("家", "count", 1),
        ("thousands", "count", 1000),
        ("'000", "count", 1000),
        ("NOK million", "other", 1000000),
        ("1,000 m³", "m3", 1000),
    ],
)
def test_units_of_a_column(text, code, factor, vocabulary):
    measure = unit_names(vocabulary).read(text)
    assert measure is not None
    assert (measure.code, measure.factor) == (code, factor)


@pytest.mark.parametrize("text", ["", "-", "指标", "2023年", "千行百业"])
def test_what_is_no_unit(text, vocabulary):
    assert unit_names(vocabulary).read(text) is None


def test_a_composite_that_has_no_name_is_kept_as_written(vocabulary):
    measure = unit_names(vocabulary).read("kWh/m3")
    assert measure is not None
    assert (measure.unit.iri, measure.code, measure.factor) == (f"{UNIT}composite", "other", 1)


def test_tonnes_of_a_gas_are_tonnes_of_co2(vocabulary):
    known = units(vocabulary)
    measure = unit_names(vocabulary).read("吨")
    assert measure is not None
    assert known.as_emissions(measure).code == "tCO2e"


def test_units_lead_to_the_base_of_their_code(vocabulary):
    for concept in vocabulary.of_type("Unit", "Classifier"):
        base = vocabulary.concept(concept.value("base") or concept.iri)
        assert base.notation == concept.notation, concept.iri
        assert Decimal(base.value("factor")) == 1, base.iri
        assert Decimal(concept.value("factor")) > 0, concept.iri
