"""Drawings of a report: terminal, HTML, JSON."""

from whyfit.report.compose import document_of, to_json
from whyfit.report.document import Document, schema
from whyfit.report.live import LiveReport
from whyfit.report.read import document_from_json, read_document

__all__ = ["Document", "LiveReport", "document_from_json", "document_of", "read_document", "schema", "to_json"]
