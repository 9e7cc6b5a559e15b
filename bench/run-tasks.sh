#!/usr/bin/env bash
# The figures of docs/tasks: every task and lab with its defaults, for some seeds, one after another: about half an hour on two cores.
# usage: bench/run-tasks.sh [FOLDER [SEED...]]      (runs/figures, seeds 1 2 3; TASKS="exam jets" for some of them)
# A line a run: task, seed, seconds of training, and its measures. metrics.json and report.html of each run stay in FOLDER/TASK-SEED.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-runs/figures}
[ $# -gt 0 ] && shift
seeds=("$@")
((${#seeds[@]})) || seeds=(1 2 3)
dotnet build -c Release -v q --nologo src/GpuRnn.Cli >&2
gpurnn=(dotnet run --no-build -c Release --project src/GpuRnn.Cli --)

# measure FILE NAME...: the numbers of these names, the first of each
measure() {
  local file=$1 name
  shift
  for name in "$@"; do printf ' %s=%s' "$name" "$(sed -n "s/^ *\"$name\": *\([-0-9.eE+]*\),\{0,1\}$/\1/p" "$file" | head -1)"; done
}

# run KIND TASK SEED NAME...
run() {
  local kind=$1 task=$2 seed=$3 out="$folder/$2-$3"
  shift 3
  local anew=()
  [ "$kind" = lab ] || anew=(--overwrite) # of the folder's earlier run
  "${gpurnn[@]}" "$kind" "$task" "${anew[@]}" --seed "$seed" --out "$out" --json >/dev/null 2>"$folder/$task-$seed.log"
  printf '%s seed %s:%s\n' "$task" "$seed" "$(measure "$out/metrics.json" seconds "$@")"
}

mkdir -p "$folder"
for task in ${TASKS:-exam sentiment text translation jets gradients memory captions}; do
  for seed in "${seeds[@]}"; do
    case $task in
      exam) run train exam "$seed" accuracy log_loss law_log_loss ;;
      sentiment) run train sentiment "$seed" accuracy accuracy_long ;;
      text) run train text "$seed" test_nats_per_character floor_nats_per_character far_word_accuracy ;;
      translation) run train translation "$seed" exact_match bleu4 exact_match_greedy ;;
      captions) run train captions "$seed" exact_match bleu4 ;;
      jets) run train jets "$seed" auc auc_error accuracy rejection_at_0_3 rejection_at_0_5 auc_mass_cut auc_mass_cut_error \
        auc_n_subjettiness auc_n_subjettiness_error ;;
      gradients) run lab gradients "$seed" worst_slope_error ;;
      memory) run lab memory "$seed" 200 ;; # the first cell is the LSTM: its right answers at 200 steps
      *) echo "run-tasks: no task '$task'" >&2; exit 2 ;;
    esac
  done
done
