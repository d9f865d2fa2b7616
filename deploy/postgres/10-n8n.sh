#!/bin/sh
# A database and a user of its own for n8n; run once, when PostgreSQL makes its folder.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$N8N_POSTGRES_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE USER n8n PASSWORD :'password';
CREATE DATABASE n8n OWNER n8n;
SQL
