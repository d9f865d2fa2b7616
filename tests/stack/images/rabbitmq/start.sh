#!/bin/sh
# Runs the broker as its own user; it reads RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS itself.
set -eu
chown -R rabbitmq: /var/lib/rabbitmq
exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups /usr/lib/rabbitmq/bin/rabbitmq-server
