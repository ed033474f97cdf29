"""Small parts that forms, plots and pages are made of."""

from studio.widgets.action_card import ActionCard
from studio.widgets.bar_list import Bar, BarList
from studio.widgets.button import Button, IconButton
from studio.widgets.card import Card, Hairline
from studio.widgets.drop_area import DropArea, dragged_path, dragged_paths
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.flow_layout import FlowLayout
from studio.widgets.labels import Caption, ElidingLabel, Heading
from studio.widgets.pill import Pill
from studio.widgets.progress_track import ProgressTrack
from studio.widgets.search_field import SearchField
from studio.widgets.segmented_control import SegmentedControl
from studio.widgets.sparkline import Sparkline
from studio.widgets.stat_tile import StatTile
from studio.widgets.toggle import Toggle
from studio.widgets.token_chips import TokenChips

__all__ = [
    "ActionCard",
    "Bar",
    "BarList",
    "Button",
    "Caption",
    "Card",
    "DropArea",
    "ElidingLabel",
    "EmptyState",
    "ErrorBanner",
    "FlowLayout",
    "Hairline",
    "Heading",
    "IconButton",
    "Pill",
    "ProgressTrack",
    "SearchField",
    "SegmentedControl",
    "Sparkline",
    "StatTile",
    "Toggle",
    "TokenChips",
    "dragged_path",
    "dragged_paths",
]
