#!/usr/bin/env python3
"""Every numbered requirement on tokens, key sets and our issuer (1 to 59) has a row in the page that is
given, and a test that is named after it: `Security07_…` in C++, `security 7: …` in JavaScript. Each test
that a row names has to be there, and to be named after the row."""
import pathlib
import re
import sys

NUMBERS = range(1, 60)


def tests_of(root):
    """The names of tests by the number that they begin with."""
    found = {number: set() for number in NUMBERS}
    cpp = re.compile(r"^TEST(?:_F|_P)?\((\w+),\s*(Security(\d\d)_\w+)\)", re.M)
    for path in root.glob("src/**/*_test.cc"):
        for suite, name, number in cpp.findall(path.read_text()):
            found.setdefault(int(number), set()).add(f"{suite}.{name}")
    # A name may be chosen by an expression: the numbers that stand in it are its numbers.
    javascript = re.compile(r"""^\s*it\(["'`]security (.*?):""", re.M)
    for path in root.glob("tests/**/*.test.mjs"):
        if "node_modules" in path.parts:
            continue
        for text in javascript.findall(path.read_text()):
            if "." in text.split("$")[0]:
                continue  # of another section: `security 5.1`
            for number in re.findall(r"\b\d{1,2}\b", text):
                found.setdefault(int(number), set()).add(path.name)
    return found


def rows_of(page):
    rows = {}
    for line in page.read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 4 and cells[0].isdigit():
            rows[int(cells[0])] = re.findall(r"`([^`]+)`", cells[3])
    return rows


def problems(root, page):
    tests, rows = tests_of(root), rows_of(page)
    for number in NUMBERS:
        if not tests[number]:
            yield f"no test is named after security {number}"
        if not rows.get(number):
            yield f"{page.name} has no row with a test for {number}"
        for name in rows.get(number, []):
            if name not in tests[number]:
                yield f"{page.name}, row {number}: there is no test `{name}` of that number"
    for number in sorted((set(tests) | set(rows)) - set(NUMBERS)):
        yield f"there is no security {number}"


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(problems(root, root / "docs/reference/security-requirements.md"))
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
