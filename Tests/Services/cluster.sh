# shellcheck shell=bash
# A PostgreSQL 15 with an empty cluster of its own on a free port of the loopback interface: what the
# services that need one share. Sourced by their `start` scripts; the contract is in Tests/Services/run.
#
#   cluster_folder         makes `folder`, which goes, with the server, when the script ends
#   cluster_init ARGUMENT… makes the cluster; the arguments are initdb's
#   cluster_start          starts it, with settings from stdin after the common ones; sets `port`
#   serve                  returns when the script's parent is gone
#
# A script whose service is more than the server defines `stop_more`.
server=/usr/lib/postgresql/15/bin
[[ -x $server/postgres ]] || {
  echo "PostgreSQL 15 is not installed; run Tests/setup" >&2
  exit 1
}

# The server refuses to run as root; a plain user runs it himself.
as_server() { "$@"; }
((EUID != 0)) || as_server() { runuser --user postgres -- "$@"; }

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

stop_more() { :; }

# shellcheck disable=SC2317 # called by the trap
stop() {
  trap '' INT TERM HUP
  stop_more
  [[ ! -e $folder/data/postmaster.pid ]] ||
    as_server "$server/pg_ctl" stop --pgdata "$folder/data" --mode immediate --silent || true
  rm -rf "$folder"
}

cluster_folder() {
  cd /
  folder=$(mktemp -d)
  trap stop EXIT
  trap 'exit 0' INT TERM HUP
  ((EUID != 0)) || chown postgres "$folder"
}

cluster_init() {
  as_server "$server/initdb" --pgdata "$folder/data" --username postgres \
    --encoding UTF8 --locale C.UTF-8 --no-sync "$@" >"$folder/initdb.log" 2>&1 || {
    cat "$folder/initdb.log" >&2
    exit 1
  }
}

cluster_start() {
  # Nothing here must outlive a crash, so nothing is synced. The zone is far from UTC on purpose: what
  # relies on the server's zone shows. As a file, so that a restart by a test keeps it.
  as_server tee --append "$folder/data/postgresql.conf" >/dev/null <<CONFIGURATION
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
wal_level = logical
max_prepared_transactions = 10
max_connections = 200
timezone = 'Asia/Tokyo'
fsync = off
synchronous_commit = on
full_page_writes = off
logging_collector = off
$(cat)
CONFIGURATION

  # Another process may take the port between its choice and its use: then another is chosen.
  local attempt
  for attempt in 1 2 3 4 5; do
    port=$(free_port)
    if as_server "$server/pg_ctl" start --pgdata "$folder/data" --log "$folder/data/log" --silent \
      --wait --timeout 60 --options "-p $port"; then
      break
    fi
    if ((attempt == 5)); then
      cat "$folder/data/log" >&2
      exit 1
    fi
  done
}

# `wait`, because a trap waits for a command in the foreground to end.
serve() {
  tail --pid="$PPID" --follow /dev/null &
  wait
}
