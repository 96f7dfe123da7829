#!/bin/sh
# The first process of a node: prepares its namespaces, then becomes the pause program, which reaps what is left
# behind. Everything done here is gone when that process is, however it ends.
#
# usage: init.sh PAUSE SOCKETS    (the executable to become; the folder of the instance's sockets)
set -eu
pause=$1
sockets=$2

# Mounts of the machine still arrive, ours stay inside; the kubelet passes its volumes on to the containers.
mount --make-rshared /
# What containerd, its shims, the network plugins and the kubelet keep at places that cannot be configured.
for folder in "$sockets" /run/netns /run/containerd /var/lib/cni /var/log/containers; do
  mount -t tmpfs -o mode=755 secrets-platform "$folder"
done

# Where the kernel has these as modules: layers of images, and Services between pods of one bridge.
modprobe --all --quiet overlay br_netfilter 2>/dev/null || true

ip link set lo up
ip link add cni0 type bridge
ip addr add 10.244.0.1/24 dev cni0
ip link set cni0 up
# Without a route, the addresses of Services would be unreachable before kube-proxy's rules could apply.
ip route add 10.96.0.0/16 dev cni0
echo 1 > /proc/sys/net/ipv4/ip_forward

exec "$pause"
