#!/bin/bash
# Makes the data at the first start as the official image does, then becomes the command.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres:postgres /var/lib/postgresql "$PGDATA"
    exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi

# Reads VARIABLE, or the file that VARIABLE_FILE names.
given() {
    local file="${1}_FILE"
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-${2:-}}"; fi
}

if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=$(given POSTGRES_USER postgres)
    database=$(given POSTGRES_DB "$user")
    PGPASSWORD=$(given POSTGRES_PASSWORD)
    export PGPASSWORD
    if [ -z "$PGPASSWORD" ]; then
        echo "Error: Database is uninitialized and superuser password is not specified." >&2
        exit 1
    fi
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA"
    read -r -a wishes <<< "${POSTGRES_INITDB_ARGS:-}"
    initdb --username="$user" --pwfile=<(printf '%s\n' "$PGPASSWORD") "${wishes[@]}"
    printf '\nhost all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"
    printf "\nlisten_addresses = '*'\n" >> "$PGDATA/postgresql.conf"
    # Nobody from outside gets in before everything is made.
    pg_ctl start -w -o "-c listen_addresses='' -p 5432"
    if [ "$database" != postgres ]; then
        psql -v ON_ERROR_STOP=1 -U "$user" -d postgres -c "create database \"$database\""
    fi
    for file in /docker-entrypoint-initdb.d/*; do
        case "$file" in
            *.sh) bash "$file" ;;
            *.sql) psql -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$file" ;;
        esac
    done
    pg_ctl stop -w -m fast
    unset PGPASSWORD
fi

exec "$@"
