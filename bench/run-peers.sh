#!/usr/bin/env bash
# GpuRnn beside ONNX Runtime and libtorch: builds bench/GpuRnn.Peers and runs it.
# usage: bench/run-peers.sh [--suite NAME...] [--quick] [--json FILE] | text --data FILE | memory        (--help tells all)
#
# libtorch needs a newer C++ library than Debian 12 has. On such a machine the program runs in the Debian 13 root of
# .ci/opencl-root (as root), which sees this repository and nothing else of the machine: files must lie in the repository.
set -euo pipefail

say() { echo "run-peers: $*" >&2; exit 2; }

command -v dotnet >/dev/null || say "dotnet is not on PATH: install the .NET SDK"
[ "$(uname -sm)" = "Linux x86_64" ] || say "this is $(uname -sm): the packages of libtorch and its peers are chosen for Linux x86_64"
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
program=$repository/bench/GpuRnn.Peers/bin/Release/net10.0/GpuRnn.Peers.dll
needed=GLIBCXX_3.4.32 # libLibTorchSharp.so asks for it

enough=true
library=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | awk '/libstdc\+\+\.so\.6 \(libc6,x86-64/ { print $NF; exit }')
[ -n "$library" ] && grep -q "$needed" "$library" || enough=false

# Files are named from where the caller stands; the program may run elsewhere.
arguments=() file=false
for argument in "$@"; do
  if $file; then
    argument=$(realpath -m -- "$argument")
    $enough || [[ $argument == "$repository"/* ]] || say "$argument is not in $repository, the only folder that the program sees here"
  fi
  case $argument in --json | --data) file=true ;; *) file=false ;; esac
  arguments+=("$argument")
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet build -c Release -m:1 -v quiet -nologo "$repository/bench/GpuRnn.Peers" >"$log" 2>&1 ||
  say "the build failed: $(grep -m1 -E 'error' "$log" || tail -n1 "$log") (again with: dotnet build -c Release bench/GpuRnn.Peers)"

commit=$(git -C "$repository" rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git -C "$repository" status --porcelain -- . ':!bench/results' 2>/dev/null)" ] || commit=$commit-dirty
export GPURNN_COMMIT=$commit

if $enough; then
  dotnet "$program" "${arguments[@]}"
else
  bash "$repository/.ci/opencl-root" dotnet "$program" "${arguments[@]}"
fi
