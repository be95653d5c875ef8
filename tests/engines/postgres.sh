#!/bin/sh
# A PostgreSQL of its own in a folder, on a socket there: `postgres.sh start FOLDER`, and
# `postgres.sh stop FOLDER`. Texts are in the order of a language there, not of bytes. Ends with 1 where PostgreSQL is not installed.
set -eu
folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] && [ -x "$bin/initdb" ] || exit 1
# It does not run as root.
as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }
case $1 in
start)
    rm -rf "$folder"
    mkdir -p "$folder"
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
    as "$bin/initdb -D $folder/data -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
        --locale-provider=icu --icu-locale=und -N" >/dev/null
    as "$bin/pg_ctl -D $folder/data -w -l $folder/log \
        -o '-c listen_addresses= -c unix_socket_directories=$folder -c fsync=off -c jit=off' start" >/dev/null
    ;;
stop) as "$bin/pg_ctl -D $folder/data -m immediate stop" >/dev/null ;;
esac
