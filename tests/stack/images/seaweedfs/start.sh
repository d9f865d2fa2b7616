#!/bin/sh
# Makes a store in memory and runs it with a gateway for S3, whose one user has the key of the environment.
set -eu
STORE=/run/store
if [ "$(id -u)" = 0 ]; then
    install --directory --owner=ceph --group=ceph "$STORE"
    exec setpriv --reuid=ceph --regid=ceph --init-groups sh "$0"
fi
mkdir -p "$STORE/mon" "$STORE/osd" "$STORE/rgw" "$STORE/run" "$STORE/log"
ceph-authtool --create-keyring "$STORE/keyring" --gen-key -n mon. --cap mon "allow *"
for who in client.admin client.rgw; do
    ceph-authtool "$STORE/keyring" --gen-key -n "$who" --cap mon "allow *" --cap osd "allow *" --cap mgr "allow *"
done
fsid=$(sed -n 's/^fsid = //p' /etc/ceph/ceph.conf)
monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:3300]" "$STORE/monmap"
ceph-mon --mkfs -i a --monmap "$STORE/monmap" --keyring "$STORE/keyring"
ceph-mon -i a -f &
id=$(uuidgen)
number=$(ceph osd new "$id" | tr -d '[:space:]')
ceph-osd -i "$number" --mkfs --osd-uuid "$id"
ceph-osd -i "$number" -f &
radosgw-admin -n client.rgw user create --uid films --display-name films \
    --access-key "$AWS_ACCESS_KEY_ID" --secret-key "$AWS_SECRET_ACCESS_KEY" > /dev/null
exec radosgw -n client.rgw -f
