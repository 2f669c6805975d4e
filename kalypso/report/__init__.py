"""Report: what changed and why, as text, Markdown and data for people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "ADDRESS",
    "COMMIT",
    "LISTINGS",
    "ONLY_SHOWN",
    "Contents",
    "Deployment",
    "EngineReport",
    "Findings",
    "ImageChange",
    "Links",
    "ListForm",
    "ReadTexts",
    "SourceChange",
    "TargetChange",
    "TreeOrder",
    "ValueChange",
    "annotation",
    "annotation_start",
    "ci_comment",
    "config_json",
    "config_text",
    "count",
    "deployment_body",
    "deployment_title",
    "diff_json",
    "diff_markdown",
    "diff_names",
    "diff_record",
    "diff_text",
    "document",
    "document_list",
    "filled",
    "fitted_text",
    "format_listing",
    "held_markdown",
    "held_sentence",
    "is_refusal",
    "last_lines",
    "messages_in",
    "one_line",
    "parse_conditions",
    "printable",
    "proposal_body",
    "proposal_title",
    "selected",
    "sorted_by",
    "steps_in",
    "steps_of",
    "table",
    "terminal",
    "to_json",
    "to_yaml",
    "tree_json",
    "tree_text",
    "why_json",
    "why_not_text",
    "why_text",
]

if TYPE_CHECKING:
    from kalypso.report.annotations import annotation, annotation_start
    from kalypso.report.comment import ADDRESS, COMMIT, Findings, ci_comment
    from kalypso.report.config import config_json, config_text
    from kalypso.report.deployment import (
        Deployment,
        ImageChange,
        TargetChange,
        ValueChange,
        deployment_body,
        deployment_title,
    )
    from kalypso.report.diff import diff_json, diff_names, diff_record, diff_text
    from kalypso.report.engine_output import (
        ONLY_SHOWN,
        EngineReport,
        is_refusal,
        last_lines,
        messages_in,
        steps_in,
        steps_of,
    )
    from kalypso.report.fitted import filled, fitted_text
    from kalypso.report.held import held_markdown, held_sentence
    from kalypso.report.links import Links
    from kalypso.report.listing import ListForm, format_listing, table
    from kalypso.report.listings import LISTINGS, Contents
    from kalypso.report.markdown import diff_markdown
    from kalypso.report.plain import count, one_line, printable, to_json, to_yaml
    from kalypso.report.proposal import SourceChange, proposal_body, proposal_title
    from kalypso.report.samples import ReadTexts
    from kalypso.report.screen import terminal
    from kalypso.report.selecting import parse_conditions, selected, sorted_by
    from kalypso.report.tree import TreeOrder, tree_json, tree_text
    from kalypso.report.versioned import document, document_list
    from kalypso.report.why import why_json, why_not_text, why_text
else:
    __getattr__ = door(
        __name__,
        {
            "annotations": ("annotation", "annotation_start"),
            "comment": ("ADDRESS", "COMMIT", "Findings", "ci_comment"),
            "config": ("config_json", "config_text"),
            "deployment": (
                "Deployment",
                "ImageChange",
                "TargetChange",
                "ValueChange",
                "deployment_body",
                "deployment_title",
            ),
            "diff": ("diff_json", "diff_names", "diff_record", "diff_text"),
            "engine_output": (
                "EngineReport",
                "ONLY_SHOWN",
                "is_refusal",
                "last_lines",
                "messages_in",
                "steps_in",
                "steps_of",
            ),
            "fitted": ("filled", "fitted_text"),
            "held": ("held_markdown", "held_sentence"),
            "links": ("Links",),
            "samples": ("ReadTexts",),
            "listing": ("ListForm", "format_listing", "table"),
            "listings": ("Contents", "LISTINGS"),
            "markdown": ("diff_markdown",),
            "versioned": ("document", "document_list"),
            "plain": ("count", "one_line", "printable", "to_json", "to_yaml"),
            "proposal": ("SourceChange", "proposal_body", "proposal_title"),
            "screen": ("terminal",),
            "selecting": ("parse_conditions", "selected", "sorted_by"),
            "tree": ("TreeOrder", "tree_json", "tree_text"),
            "why": ("why_json", "why_not_text", "why_text"),
        },
    )
