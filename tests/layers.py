#!/usr/bin/env python3
"""Fails when a file of src/ includes a header of a folder that does not stand left of its own in src/LAYERS."""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"/]+)/', re.M)


def ranks(text):
    groups = [group.split() for group in text.strip().split("<")]
    return {folder: rank for rank, group in enumerate(groups) for folder in group}


def violations(source):
    rank = ranks((source / "LAYERS").read_text())
    for path in sorted(source.rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        own = path.relative_to(source).parts[0]
        if own not in rank:
            yield f"{path}: folder `{own}` is not in LAYERS"
            continue
        for other in INCLUDE.findall(path.read_text()):
            if other in rank and other != own and rank[other] >= rank[own]:
                yield f"{path}: includes `{other}/`, which does not stand left of `{own}`"


def main():
    source = pathlib.Path(sys.argv[1])
    found = list(violations(source))
    print("\n".join(found) or f"layers: {len(ranks((source / 'LAYERS').read_text()))} folders in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
