"""Finds where a mechanical fault fits in Swift code: whole conditions and numbers, never inside words or comments."""

import re

HEADS = re.compile(r"^(\s*)(?:\} else )?(if|guard|while) ")
RETURNS = re.compile(r"^\s*return (?P<e>[^{}]+)$")
SINGLE = re.compile(r"\{ (?:return )?(?P<e>[^{}]*(?:<|>|==|&&|\|\|)[^{}]*) \}$")
COMPARISONS = [(" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > ")]
NUMBER = re.compile(r"(?<![\w.$#])(\d[\d_]*)(?![\w.]|\s*:)")
# Assertions guard against faults of the code itself; a fault in one shows only together with another.
# First values of stored properties are nearly all written before they are read.
PROPERTY = re.compile(r"^\s*(public |private |internal\(set\) |private\(set\) |public internal\(set\) )*var \w+(: \w+)? = ")
SKIPPED = ("precondition", "import ", "case ", "@", "static let", "///")


def candidates(files):
    found = []
    for name in sorted(files):
        for number, line in enumerate(files[name].split("\n")):
            code = without_words(line)
            if code.strip().startswith(SKIPPED) or "precondition" in code or PROPERTY.match(code):
                continue
            for fault in of_line(line, code):
                found.append(dict(fault, file=name, line=number, text=line))
    return found


def without_words(line):
    """The line with texts and comments blanked out, so that columns stay true."""
    line = re.sub(r"\"(?:[^\"\\]|\\.)*\"", lambda match: "\x00" * len(match.group(0)), line)
    return re.sub(r"//.*$", lambda match: " " * len(match.group(0)), line)


def of_line(line, code):
    for start, end, kind in conditions(code):
        text = line[start:end]
        blank = code[start:end]
        yield fault("negated condition", start, end, text, f"!({text})")
        if kind == "guard":
            yield fault("dropped guard", start, end, text, "true")
        yield from compared(start, end, text, blank)
    for pattern in (RETURNS, SINGLE):
        match = pattern.search(code)
        if match and balanced(match.group("e")):
            start, end = match.span("e")
            yield from compared(start, end, line[start:end], code[start:end])
    for match in NUMBER.finditer(code):
        text = match.group(1)
        if code[: match.start()].rstrip().endswith((".", "[", "<")) and "<" in code[: match.start()][-1:]:
            continue
        yield fault("off by one", match.start(), match.end(), text, f"({text} + 1)")
        if text != "0":
            yield fault("off by one", match.start(), match.end(), text, f"({text} - 1)")


def compared(start, end, text, blank):
    if "\x00" in blank and "?" in blank:
        return
    for old, new in COMPARISONS:
        at = blank.find(old)
        if at >= 0:
            yield fault("< for ≤", start, end, text, text[:at] + new + text[at + len(old) :])


def fault(kind, start, end, original, mutant):
    return {"kind": kind, "start": start, "end": end, "original": f"({original})", "mutant": f"({mutant})"}


def conditions(code):
    """Spans of the truths in an `if`, `guard` or `while` that stands in one line."""
    match = HEADS.match(code)
    if not match:
        return
    begin = match.end()
    kind = match.group(2)
    stop = code.rfind(" else {") if kind == "guard" else code.rfind(" {")
    if kind == "if" and code.count(" { ") == 1 and code.endswith(" }"):
        stop = code.index(" { ")
    if kind == "guard" and " else { " in code:
        stop = code.index(" else { ")
    if stop <= begin:
        # A condition over several lines: what stands in the first may still be whole.
        if not code.rstrip().endswith(","):
            return
        stop = len(code.rstrip()) - 1
    for start, end in parts(code, begin, stop):
        text = code[start:end]
        if re.match(r"(let|var|case|#|_ =)\b", text) or "{" in text or not balanced(text):
            continue
        yield start, end, kind


def parts(code, begin, stop):
    depth, start = 0, begin
    for index in range(begin, stop):
        if code[index] in "([{":
            depth += 1
        elif code[index] in ")]}":
            depth -= 1
        elif code[index] == "," and depth == 0:
            yield start, index
            start = index + 2
    yield start, stop


def balanced(text):
    depth = 0
    for character in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0 and not text.rstrip().endswith(("&&", "||", "+", "-", "?", ":", "=", ","))
