# shellcheck shell=bash
# Redis servers of one's own on free ports of the loopback interface: what the services of Redis share.
# Sourced by their `start` scripts; the contract is in Tests/Services/run.
#
#   redis_folder               makes `folder`, which goes, with the servers, when the script ends
#   redis_start NAME ARGUMENT… starts a server with these options; sets `port`
#   redis_say PORT WORD…       runs a command, as `redis_user` where it is set, with the password REDISCLI_AUTH
#   redis_until PORT TEXT WORD…  runs a command until its answer has a line with the text
#   serve                      returns when the script's parent is gone
server=$(type -P redis-server) || {
  echo "redis-server is not installed; run Tests/setup" >&2
  exit 1
}
redis_user=
servers=()

free_port() {
  python3 -c '
import socket
# The bus of a cluster is at the port and 10000 more.
while True:
    with socket.socket() as one, socket.socket() as bus:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
        try:
            if port < 55000:
                bus.bind(("127.0.0.1", port + 10000))
                print(port)
                break
        except OSError:
            pass'
}

# shellcheck disable=SC2317 # called by the trap
stop() {
  trap '' INT TERM HUP
  # One that a test has stopped would not hear of anything gentler.
  ((!${#servers[@]})) || kill -KILL "${servers[@]}" 2>/dev/null || true
  wait "${servers[@]}" 2>/dev/null || true
  rm -rf "$folder"
}

redis_folder() {
  cd /
  folder=$(mktemp -d)
  trap stop EXIT
  trap 'exit 0' INT TERM HUP
}

redis_say() {
  local at=$1
  shift
  redis-cli -h 127.0.0.1 -p "$at" ${redis_user:+--user "$redis_user"} \
    --no-auth-warning "$@"
}

redis_until() {
  local at=$1 text=$2
  shift 2
  until redis_say "$at" "$@" 2>/dev/null | tr -d '\r' | grep --quiet --line-regexp --fixed-strings "$text"; do
    sleep 0.05
  done
}

redis_start() {
  local name=$1 attempt pid
  shift
  mkdir "$folder/$name"
  # Another process may take the port between its choice and its use: then another is chosen.
  for attempt in 1 2 3 4 5; do
    port=$(free_port)
    "$server" "$@" --port "$port" --bind 127.0.0.1 --dir "$folder/$name" --daemonize no --save '' \
      >"$folder/$name/log" 2>&1 &
    pid=$!
    servers+=("$pid")
    until redis_say "$port" PING 2>/dev/null | grep --quiet PONG; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.05
    done
    ! kill -0 "$pid" 2>/dev/null || return 0
    ((attempt < 5)) || {
      cat "$folder/$name/log" >&2
      exit 1
    }
  done
}

# `wait` for this alone: a server may come and go.
serve() {
  tail --pid="$PPID" --follow /dev/null &
  servers+=($!)
  wait $!
}
