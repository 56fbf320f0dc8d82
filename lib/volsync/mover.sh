# Runs the entry script of VolSync's Kopia mover ($0) with "backup" or "restore" ($1), so that a backup is saved whole or not at all, and a restore
# brings a whole backup or fails. The entry script is a bash script and calls Kopia by its name, so it takes the function below in its place.
# Command substitutions are written with backquotes: Kubernetes and Kyverno read a dollar sign before a parenthesis as their own.
set -u
state=/tmp/volsync-backup
export state

kopia() {
  local command=' ' argument
  for argument; do [[ $argument == -* ]] || command+="$argument "; done
  case $command in
    ' snapshot create '*) backup_whole "$@" ;;
    ' snapshot list '*@*) list_whole "$@" ;;
    ' snapshot restore '*) restore_whole "$@" ;;
    *) command kopia "$@" ;;
  esac
}

# The arguments before the command: the configuration and the log of this run.
kopia_here() {
  local argument
  global=()
  for argument; do
    [[ $argument == -* ]] || return 0
    global+=("$argument")
  done
}

# A file that can't be read ends the backup before a complete snapshot is saved and before older ones expire. Files of the volume can't leave others
# out.
backup_whole() {
  local global odd linked
  odd=`find "$DATA_DIR" -xdev -print0 | LC_ALL=C.UTF-8 grep -zavxc '.*'`
  [[ $odd == 0 ]] || echo "[WARN] $odd names are not UTF-8: Kopia changes them, and two of them may become one file. Rename them" >&2
  linked=`find "$DATA_DIR" -xdev -type f -links +1 -print0 | grep -zc .`
  [[ $linked == 0 ]] || echo "[WARN] $linked files with several hard links come back as separate files" >&2
  kopia_here "$@"
  command kopia "${global[@]}" policy show --global --json | jq -e '.files.ignoreCacheDirs == false and .files.ignoreDotFiles == ["."]' >/dev/null ||
    command kopia "${global[@]}" policy set --global --ignore-cache-dirs=false --add-dot-ignore=. --remove-dot-ignore=.kopiaignore || return 1
  command kopia "$@" --fail-fast || {
    echo '[ERROR] Backup failed: no complete snapshot was saved and none expired, so the last good backup stays. The first error stands above' >&2
    return 1
  }
}

# Only snapshots that are complete and without errors. One that is not is taken where restore-as-of names its very second.
list_whole() {
  command kopia "$@" --incomplete >"$state/all.json" || {
    echo 'the list of snapshots could not be read' >"$state/problem"
    return 1
  }
  jq --arg asOf "${KOPIA_RESTORE_AS_OF:-}" 'map(
      select((.startTime[0:19] + "Z") == $asOf
        or ((.incomplete // "") == "" and (.stats.errorCount // 0) == 0 and (.rootEntry.summ.numFailed // 0) == 0)))
    | map(select($asOf == "" or (.startTime[0:19] + "Z") <= $asOf))' "$state/all.json" >"$state/whole.json" || {
    echo 'the list of snapshots is not valid JSON' >"$state/problem"
    return 1
  }
  local left_out wanted as_of=${KOPIA_RESTORE_AS_OF:-}
  [[ $as_of != 9999-* ]] || as_of=
  left_out=`jq -rn --slurpfile all "$state/all.json" --slurpfile whole "$state/whole.json" \
    '[$all[0][] | select(.id as $id | all($whole[0][]; .id != $id))
      | select((.incomplete // "") != "" or (.stats.errorCount // 0) > 0 or (.rootEntry.summ.numFailed // 0) > 0)
      | .startTime[0:19] + "Z"] | join(" ")'`
  [[ -z $left_out ]] || echo "$left_out" >"$state/left-out"
  jq -e --argjson n "${KOPIA_PREVIOUS:-0}" 'length > $n' "$state/whole.json" >/dev/null || {
    wanted='no complete backup without errors'
    [[ -z $as_of ]] || wanted+=" from $as_of or before"
    [[ ${KOPIA_PREVIOUS:-0} == 0 ]] || wanted+=", with $KOPIA_PREVIOUS newer ones skipped"
    [[ -z $left_out ]] || wanted+="; failed or incomplete ones are of $left_out: to restore one all the same, create the PVC anew with restore-as-of set to its time"
    echo "$wanted" >"$state/problem"
    echo '[]'
    return 0
  }
  cat "$state/whole.json"
}

# Marks a volume in which a restore of this snapshot was completed: the access time of its root, or, where the root belongs to somebody else, of
# its first entry of ours. A backup does not keep access times, and one that lies in the future is not updated by reading.
mark_of() { # SNAPSHOT -> sets place and time
  local sum entry
  read -r sum _ < <(cksum <<<"$1")
  ((sum %= 1000000000))
  printf -v time '2145916800.%09d' "$sum"
  place=.
  [[ -O . || $EUID == 0 ]] && return
  for entry in * .[!.]*; do
    if [[ -O $entry && ! -L $entry ]]; then
      place=./$entry
      return
    fi
  done
}

restore_whole() {
  local arguments=() argument id='' previous='' place time
  for argument; do
    [[ $previous != restore ]] || id=$argument
    previous=$argument
    # Kopia's temporary names are longer than a file's own: a name of 246 bytes or more could not be restored.
    [[ $argument == --write-files-atomically || $argument == --ignore-permission-errors ]] || arguments+=("$argument")
  done
  jq -er --arg id "$id" '.[] | select(.id == $id) | "\(.id) of \(.startTime)"' "$state/whole.json" >"$state/chosen" || {
    echo "snapshot \"$id\" is not one of the list" >"$state/problem"
    return 1
  }
  [[ ! -e $state/left-out ]] || echo "[WARN] Failed or incomplete backups are passed over: `cat "$state/left-out"`"
  mark_of "$id"
  if [[ `stat -c %.9X "$place"` == "$time" ]]; then
    echo "[INFO] An earlier run restored snapshot $id already; nothing is written"
  else
    # Owners and modes count as part of the data for root; a mover with a fixed user can't set them.
    if [[ $EUID == 0 ]]; then arguments+=(--no-ignore-permission-errors); else arguments+=(--ignore-permission-errors); fi
    # What an interrupted run left of another snapshot goes.
    [[ -z `ls -A --ignore=lost+found` ]] || arguments+=(--delete-extra)
    command kopia "${arguments[@]}" --write-sparse-files 2>&1 | tee "$state/output"
    [[ ${PIPESTATUS[0]} == 0 ]] || {
      if grep -q 'no space left on device' "$state/output"; then
        local needs has
        needs=`jq -r --arg id "$id" '.[] | select(.id == $id) | .rootEntry.summ.size' "$state/whole.json"`
        has=`stat -f -c '%b * %S' .`
        ((has = has))
        echo "the backup holds $needs bytes and the volume has room for $has: create the PVC again with a larger spec.resources.requests.storage" >"$state/problem"
      fi
      return 1
    }
    sync -f .
    mark_of "$id"
    touch -a -d "@$time" "$place" && sync -f .
  fi
  touch "$state/restored"
}

export -f kopia kopia_here backup_whole list_whole mark_of restore_whole

# As process 1 of the container: when it ends, everything else in it is ended, too. The entry script would end with 0.
trap 'echo "[ERROR] Failed: the mover was told to end before its work was done" >&2; exit 143' TERM

once() {
  rm -rf "$state"
  mkdir "$state"
  "$0" "$@" &
  wait $!
}

if [[ ${1:-} != restore ]]; then
  once "$@"
  exit
fi
until once "$@" && [[ -e $state/restored ]]; do
  problem='the repository could not be opened or read, see the lines above'
  [[ ! -e $state/problem ]] || read -r problem <"$state/problem"
  echo "[ERROR] Restore failed: $problem. The volume is not handed out"
  # Kubernetes waits up to six minutes before it starts a Pod again, so it is tried again here. A Pod keeps its credentials: one that can't connect is soon
  # replaced by one with new ones.
  [[ -e $state/all.json ]] && patience=240 || patience=60
  ((SECONDS < patience)) || exit 1
  sleep 15 &
  wait $!
done
read -r chosen <"$state/chosen"
echo "[INFO] Snapshot restore completed and checked: snapshot $chosen"
