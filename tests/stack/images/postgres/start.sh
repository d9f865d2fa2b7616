#!/bin/sh
# Prepares the folder of the database once, as the real image does, and runs the server as its own user.
set -eu
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /run/postgresql
    chown -R postgres: "$PGDATA" /run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups sh "$0"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    printf '%s' "$POSTGRES_PASSWORD" > /tmp/password
    initdb --username="$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 \
        --encoding=UTF8 > /dev/null
    rm /tmp/password
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    # On a socket only: nobody takes it for ready.
    pg_ctl --wait --options="-c listen_addresses=''" start
    createdb --username="$POSTGRES_USER" --maintenance-db=postgres "$POSTGRES_DB"
    for script in /docker-entrypoint-initdb.d/*.sh; do
        PGDATABASE=$POSTGRES_DB sh "$script"
    done
    pg_ctl --wait --mode=fast stop
fi
exec postgres -c listen_addresses='*'
