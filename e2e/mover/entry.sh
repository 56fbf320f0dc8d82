#!/bin/bash
# What the entry script of the fork's Kopia mover does (v0.17.11), written anew, its bad habits included: it makes a repository where it finds none,
# also for a restore; it ends well when there is nothing to restore or the list can't be read; SIGTERM ends it with the code of the last command.
# `kopia` is called by that name, so that a function or a program of the name stands before it.
set -e -o pipefail

outcome=FAILURE
info() { echo "INFO: $*"; }
fail() {
  printf '\nERROR: %s\n' "$1"
  exit 1
}

at_exit() {
  local code=$?
  info "OPERATION_TYPE: ${DIRECTION:-unknown}"
  info "OPERATION_RESULT: $outcome"
  info "EXIT_CODE: $code"
}
trap at_exit EXIT

at_term() {
  local code=$? used capacity=${KOPIA_CACHE_CAPACITY_BYTES:-8589934592}
  echo 'WARN: asked to end (SIGTERM)'
  used=$(du -sb "$KOPIA_CACHE_DIR" 2>/dev/null | cut -f1)
  if ((${used:-0} * 100 / capacity >= 90)); then
    echo "ERROR: the cache is full: $used of $capacity bytes"
    exit 137
  fi
  exit "$code"
}
trap at_term TERM

export KOPIA_CACHE_DIRECTORY=$KOPIA_CACHE_DIR KOPIA_LOG_DIR=$KOPIA_CACHE_DIR/logs KOPIA_CHECK_FOR_UPDATES=false KOPIA_PASSWORD
mkdir -p "$KOPIA_LOG_DIR"
declare -a KOPIA=(kopia "--config-file=$KOPIA_CACHE_DIR/kopia.config" "--log-dir=$KOPIA_LOG_DIR" "--log-level=${KOPIA_LOG_LEVEL:-info}"
  --file-log-level=info --log-dir-max-files=3 --log-dir-max-age=4h)
"${KOPIA[@]}" --version

[[ -n $KOPIA_PASSWORD ]] || fail 'KOPIA_PASSWORD must be defined'
[[ -w $KOPIA_CACHE_DIR ]] || fail "Cache directory $KOPIA_CACHE_DIR is not writable"
if [[ $DIRECTION != maintenance ]]; then
  [[ -n $DATA_DIR ]] || fail 'DATA_DIR must be defined'
  [[ -d $DATA_DIR ]] || fail "Data directory $DATA_DIR does not exist"
fi

# Progress comes with carriage returns: a line each.
by_line() {
  "$@" 2>&1 | tr '\r' '\n'
  return "${PIPESTATUS[0]}"
}

s3_flags() {
  local endpoint=${KOPIA_S3_ENDPOINT:-${AWS_S3_ENDPOINT:-s3.amazonaws.com}} prefix=
  flags=("--bucket=$KOPIA_S3_BUCKET" "--endpoint=${endpoint#*://}")
  [[ -z $AWS_ACCESS_KEY_ID ]] || flags+=("--access-key=$AWS_ACCESS_KEY_ID")
  [[ -z $AWS_SECRET_ACCESS_KEY ]] || flags+=("--secret-access-key=$AWS_SECRET_ACCESS_KEY")
  [[ -z $AWS_SESSION_TOKEN ]] || flags+=("--session-token=$AWS_SESSION_TOKEN")
  [[ -z ${AWS_REGION:-$AWS_DEFAULT_REGION} ]] || flags+=("--region=${AWS_REGION:-$AWS_DEFAULT_REGION}")
  if [[ $KOPIA_REPOSITORY =~ ^s3://[^/]+/(.+)$ ]]; then
    prefix=${BASH_REMATCH[1]%/}
    [[ $prefix =~ ^[A-Za-z0-9._/-]+$ ]] || fail "the prefix $prefix has a character that is not allowed"
    flags+=("--prefix=$prefix/")
  fi
  [[ ${KOPIA_S3_DISABLE_TLS:-$AWS_S3_DISABLE_TLS} != true ]] || flags+=(--disable-tls)
}

set_client() {
  local user=$KOPIA_OVERRIDE_USERNAME host=$KOPIA_OVERRIDE_HOSTNAME
  [[ $DIRECTION != maintenance ]] || user=maintenance host=volsync
  "${KOPIA[@]}" repository set-client "--username=$user" "--hostname=$host" 2>&1 ||
    echo 'Warning: Client identity could not be set.'
}

connected() {
  local flags cache code
  if ! timeout 10s "${KOPIA[@]}" repository status >/dev/null 2>&1; then
    s3_flags
    # A command of its own: SIGTERM in the middle of it ends the script with its code.
    set +e
    "${KOPIA[@]}" repository connect s3 "${flags[@]}"
    code=$?
    if ((code != 0)); then
      echo 'Connection failed, creating new repository...'
      "${KOPIA[@]}" repository create s3 "${flags[@]}"
      code=$?
    fi
    set -e
    ((code == 0)) || fail 'Failed to create repository'
  fi
  set_client
  "${KOPIA[@]}" repository status | grep -E 'User|Host' || true
  if [[ $KOPIA_SKIP_CACHE_CONFIG == true ]]; then
    info 'Cache limits unchanged from previous run'
  else
    cache=(cache set "--cache-directory=$KOPIA_CACHE_DIR")
    [[ -z $KOPIA_METADATA_CACHE_SIZE_LIMIT_MB ]] || cache+=("--metadata-cache-size-limit-mb=$KOPIA_METADATA_CACHE_SIZE_LIMIT_MB")
    [[ -z $KOPIA_CONTENT_CACHE_SIZE_LIMIT_MB ]] || cache+=("--content-cache-size-limit-mb=$KOPIA_CONTENT_CACHE_SIZE_LIMIT_MB")
    "${KOPIA[@]}" "${cache[@]}" || fail 'Failed to set cache directory'
  fi
}

compression() {
  [[ -z $KOPIA_COMPRESSION ]] || "${KOPIA[@]}" policy set "$DATA_DIR" "--compression=$KOPIA_COMPRESSION" || fail 'Failed to apply compression policy'
}

backup() {
  local upload=("${KOPIA[@]}" snapshot create "$DATA_DIR") keep=() kind value
  if [[ -z $(ls -A --ignore=lost+found "$DATA_DIR") ]]; then
    echo '== Directory is empty skipping backup =='
    exit 0
  fi
  connected
  compression
  [[ -z $KOPIA_PARALLELISM ]] || upload+=("--parallel=$KOPIA_PARALLELISM")
  by_line "${upload[@]}" || fail 'Failed to create snapshot'
  info 'Snapshot created successfully'
  for kind in HOURLY:hourly DAILY:daily WEEKLY:weekly MONTHLY:monthly YEARLY:annual LATEST:latest; do
    value=KOPIA_RETAIN_${kind%%:*}
    [[ -z ${!value} ]] || keep+=("--keep-${kind##*:}=${!value}")
  done
  "${KOPIA[@]}" policy set "$DATA_DIR" "${keep[@]}" || echo 'Warning: Failed to set retention policy'
}

# Prints the snapshot to restore, or nothing. A list that can't be read counts as one without snapshots, and times are compared as text.
chosen() {
  local list offset=${KOPIA_PREVIOUS:-0} pick
  list=$("${KOPIA[@]}" snapshot list "$identity" --json 2>/dev/null) || true
  [[ -n $list && $list != '[]' ]] || return 0
  pick="reverse | .[$offset].id"
  if [[ -n $KOPIA_RESTORE_AS_OF ]]; then
    pick="reverse | [.[] | select(.startTime <= \"$KOPIA_RESTORE_AS_OF\")] | .[$offset:$offset+1][] | .id"
  elif [[ -n $KOPIA_SHALLOW ]]; then
    pick="reverse | .[$offset:$KOPIA_SHALLOW+$offset][0] | .id"
  fi
  jq -r "$pick" <<<"$list" 2>/dev/null || true
}

everything_there() {
  echo '=== Discovery Mode: Available Snapshots ==='
  "${KOPIA[@]}" snapshot list --all --json 2>/dev/null | jq -r '.[] | "\(.source.userName)@\(.source.host):\(.source.path) \(.endTime)"' | sort -u || true
}

restore() {
  local id identity="$KOPIA_OVERRIDE_USERNAME@$KOPIA_OVERRIDE_HOSTNAME:/data"
  connected
  compression
  if [[ $KOPIA_ENABLE_FILE_DELETION == true ]]; then
    find "$DATA_DIR" -mindepth 1 -maxdepth 1 ! -name lost+found -exec rm -rf {} \; 2>/dev/null || true
  fi
  id=$(chosen)
  if [[ -z $id ]]; then
    echo 'No eligible snapshots found'
    echo "No snapshots found for $identity"
    everything_there
    echo '=== No data will be restored ==='
    return 0
  fi
  echo "Selected snapshot with id: $id"
  cd "$DATA_DIR"
  if ! by_line "${KOPIA[@]}" snapshot restore "$id" . --write-files-atomically --ignore-permission-errors; then
    everything_there
    fail "Failed to restore snapshot: $id"
  fi
  info 'Snapshot restore completed successfully'
}

maintenance() {
  connected
  set_client
  "${KOPIA[@]}" maintenance info 2>&1 | grep -q 'Owner: *maintenance@volsync' || "${KOPIA[@]}" maintenance set --owner=maintenance@volsync
  "${KOPIA[@]}" maintenance set --enable-quick=true || true
  "${KOPIA[@]}" maintenance run || true
  "${KOPIA[@]}" maintenance run --full
}

if [[ $DIRECTION == maintenance ]]; then
  maintenance
else
  for each in "$@"; do
    case $each in
      backup) backup ;;
      restore)
        restore
        sync -f "$DATA_DIR"
        ;;
      *) fail "unknown operation: $each" ;;
    esac
  done
fi
outcome=SUCCESS
