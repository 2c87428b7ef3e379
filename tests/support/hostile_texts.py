"""Texts that another program would read as something else: make, a shell, C, CMake, rich, a terminal."""

MARKER = "splkit_was_here"
"""The file that appears in the working folder if any of these texts was run."""

RUN = f"touch {MARKER}"
TEXTS = (
    f"$({RUN})",
    f"$(shell {RUN})",
    f"`{RUN}`",
    f"x; {RUN}; y",
    f"x' ; {RUN} ; '",
    f'x" ; {RUN} ; "',
    f"x\n\t{RUN}",
    f"x\n$(shell {RUN})\ny",
    "*/ int broken; /*",
    "/* never closed",
    '"',
    "'",
    "\\",
    "ends in \\",
    "??/",
    "#",
    "#define int",
    "%",
    "${X}",
    "$X",
    "$<CONFIG>",
    "two  blanks ",
    ";",
    "a,b",
    "a=b",
    "[red]",
    "[/bold]",
    ":smile:",
    "Zürich 心電図",
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\u202eright to left",
    "bell\x07",
    "tab\there",
)
