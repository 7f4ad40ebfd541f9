"""Builds panels of dashboards in Grafana's own types, all of them in one look."""

from collections.abc import Sequence
from typing import Final

from grafana_foundation_sdk.builders import dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.builders.common import (
    ReduceDataOptions,
    VizLegendOptions,
    VizTooltipOptions,
)
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    LegendDisplayMode,
    LegendPlacement,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef, Threshold, ThresholdsMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE: Final = DataSourceRef(type_val="prometheus", uid="prometheus")
"""As deploy/observability/grafana/provisioning/datasources names it."""
E: Final = "ehrensache_"
"""What the names of our metrics begin with."""
SMALL: Final = (6, 4)
"""Columns of 24, and rows."""
HALF: Final = (12, 8)
WIDE: Final = (24, 8)
SECONDS: Final = "s"
BYTES: Final = "bytes"
PART: Final = "percentunit"
PER_SECOND: Final = "ops"

Query = tuple[str, str]
"""An expression, and how its lines are named: `{{service}}`."""


def number(title: str, expression: str, limits: tuple[float, float], unit: str = "") -> stat.Panel:
    """Return one number that turns yellow and red.

    Args:
        title: what it counts.
        expression: PromQL with one value.
        limits: from where on it is yellow, and red. Falling limits mean that less is worse.
        unit: as Grafana names it.
    """
    yellow, red = limits
    if red < yellow:
        steps = [(None, "red"), (red, "yellow"), (yellow, "green")]
    else:
        steps = [(None, "green"), (yellow, "yellow"), (red, "red")]
    panel = stat.Panel().title(title).datasource(SOURCE).span(SMALL[0]).height(SMALL[1])
    panel = panel.color_mode(BigValueColorMode.BACKGROUND)
    panel = panel.reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
    panel = panel.thresholds(
        dashboard.ThresholdsConfig()
        .mode(ThresholdsMode.ABSOLUTE)
        .steps([Threshold(value=value, color=colour) for value, colour in steps])
    )
    return panel.unit(unit).with_target(_target((expression, "")))


def lines(
    title: str, queries: Sequence[Query], unit: str = "", size: tuple[int, int] = HALF
) -> timeseries.Panel:
    """Return how some numbers go with time."""
    panel = timeseries.Panel().title(title).datasource(SOURCE).span(size[0]).height(size[1])
    panel = panel.unit(unit).min(0).fill_opacity(8)
    panel = panel.legend(
        VizLegendOptions()
        .display_mode(LegendDisplayMode.LIST)
        .placement(LegendPlacement.BOTTOM)
        .show_legend(True)  # noqa: FBT003 - the library's own signature
    )
    panel = panel.tooltip(VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
    for query in queries:
        panel = panel.with_target(_target(query))
    return panel


def listing(title: str, expression: str) -> table.Panel:
    """Return what is so at this moment, a row for each."""
    target = _target((expression, "")).instant().format(PromQueryFormat.TABLE)
    panel = table.Panel().title(title).datasource(SOURCE).span(WIDE[0]).height(WIDE[1])
    return panel.with_target(target)


def _target(query: Query) -> prometheus.Dataquery:
    expression, legend = query
    target = prometheus.Dataquery().expr(expression).datasource(SOURCE)
    return target.legend_format(legend) if legend else target
