"""Parses XML from untrusted files: without entities, and with limits on size and depth."""

import re
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from splkit.ecg.recordings.formats.support import refusal, whole_file
from splkit.errors import RecordingError

MAX_BYTES = 64 << 20  # a 12-lead aECG of 10 s takes 0.5 MB; Holters of 24 h are not stored as XML
_MAX_DEPTH = 64  # aECG, the deepest of the formats, nests 20 elements
_MAX_ELEMENTS = 1_000_000


class _UnsafeError(ValueError):
    """The XML contains something that no ECG file needs, such as an entity."""


def is_xml_of(start: bytes, root: str) -> bool:
    """Whether `start`, the first bytes of a file in UTF-8 or UTF-16, has the root element `root`."""
    return re.search(rf"<(?:\w+:)?{root}[\s>]".encode(), start.replace(b"\0", b"")) is not None


def parse_xml(path: Path, source: str) -> ElementTree.Element:
    """The root element, with names that have no namespace.

    A document type may be named, as MUSE does, but nothing is fetched for it. A document type that declares
    entities or anything else is refused.

    Raises:
        RecordingError: the file is no XML, or contains something that no ECG file needs.
    """
    try:
        return _Tree().parse(whole_file(path, source, MAX_BYTES))
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _refused(str(error), source) from error


class _Tree:
    """Builds a tree of elements from expat's events."""

    def __init__(self) -> None:
        self._builder = ElementTree.TreeBuilder()
        self._depth = self._elements = 0

    def parse(self, data: bytes) -> ElementTree.Element:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.StartDoctypeDeclHandler = _check_doctype
        parser.Parse(data, True)
        root: ElementTree.Element = self._builder.close()
        return root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise _UnsafeError(f"{self._elements} elements, {self._depth} deep")
        self._builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(_local(name))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _check_doctype(_name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
    if has_internal_subset:
        raise _UnsafeError("a document type that declares entities or elements")


def _refused(found: str, source: str) -> RecordingError:
    return refusal("an ECG in XML is whole, and declares no entities", f"{found} in {source}")
