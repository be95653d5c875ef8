#!/usr/bin/env bash
# Fetches the schemas that reports are validated against into target/tmp/schemas, out of packages that ship them:
# SARIF 2.1.0 from the crate serde-sarif, JUnit's from the source package of pytest. Without them the tests say that they skip validation.
set -euo pipefail
cd "$(dirname "$0")/../.."
into=$PWD/target/tmp/schemas
mkdir -p "$into"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -e "$into/sarif-2.1.0.json" ]; then
  cargo init --quiet --vcs none --name schemas "$work/crate"
  cargo add --quiet --manifest-path "$work/crate/Cargo.toml" serde-sarif@=0.8.0
  manifest=$(cargo metadata --quiet --format-version 1 --manifest-path "$work/crate/Cargo.toml" | grep -o '"manifest_path":"[^"]*serde-sarif[^"]*"' | head -1 | cut -d'"' -f4)
  cp "$(dirname "$manifest")/src/schema.json" "$into/sarif-2.1.0.json"
fi
if [ ! -e "$into/junit-10.xsd" ]; then
  pip download --quiet --no-deps --no-binary :all: --dest "$work" pytest==9.2.0
  tar -xzf "$work"/pytest-*.tar.gz -C "$work" --wildcards '*/junit-10.xsd'
  cp "$work"/pytest-*/testing/example_scripts/junit-10.xsd "$into/"
fi
ls "$into"
