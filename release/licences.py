#!/usr/bin/env python3
"""The licences of all that is linked into the executables, as text: of the crates from their own files, of Rust's library from the toolchain."""
import json, os, subprocess, sys

TARGETS = ["x86_64-unknown-linux-musl", "x86_64-pc-windows-gnu"]
NAMES = ("LICEN", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")
MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE
OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def linked(target):
    """The packages linked for a target, but for the project itself."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    packages = {package["id"]: package for package in found["packages"]}
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    root = found["resolve"]["root"]
    seen, todo = set(), [root]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += [dep["pkg"] for dep in nodes[at]["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])]
    return {(packages[at]["name"], packages[at]["version"]): packages[at] for at in seen - {root}}


def texts(package):
    """The texts of a package's licence files; what its licence says where it brings none."""
    folder = os.path.dirname(package["manifest_path"])
    files = sorted(name for name in os.listdir(folder) if name.upper().startswith(NAMES))
    found = [open(os.path.join(folder, name), encoding="utf-8", errors="replace").read() for name in files
             if os.path.isfile(os.path.join(folder, name))]
    if found:
        return found
    if "Apache-2.0" in package["license"]:
        return ["Used under the Apache License 2.0: the file LICENSE beside this one.\n"]
    if package["license"] == "MIT":
        return [f"Copyright (c) {', '.join(package['authors'])}\n\n{MIT}"]
    sys.exit(f"licences.py: {package['name']} brings no licence file, and {package['license']} is not known here")


packages = {}
for target in TARGETS:
    packages |= linked(target)
print("fanshi is under the Apache License 2.0 (LICENSE). Linked into the executables are the packages below, of crates.io, and Rust's library.\n")
for (name, version), package in sorted(packages.items()):
    print(f"{name} {version}: {package['license']}")
    print(f"    {package['repository'] or 'https://crates.io/crates/' + name}")
by_text = {}
for key, package in sorted(packages.items()):
    for text in texts(package):
        by_text.setdefault("\n".join(line.rstrip() for line in text.strip().splitlines()), []).append(" ".join(key))
for text, names in by_text.items():
    print(f"\n{'=' * 100}\n{', '.join(names)}\n{'-' * 100}\n{text}")
print(f"\n{'=' * 100}\nRust's standard library (https://github.com/rust-lang/rust): MIT OR Apache-2.0, its parts as THIRD-PARTY-RUST.html says.")
print("In the executable for Windows, the runtime of mingw-w64 (https://www.mingw-w64.org), in the public domain, and libgcc, GPL-3.0 with the")
print("GCC Runtime Library Exception. In the executable for Linux, musl (https://musl.libc.org), MIT:")
print(f"{'-' * 100}\nCopyright © 2005-2020 Rich Felker, et al.\n\n{MIT}")
