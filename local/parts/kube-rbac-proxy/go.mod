module secrets-platform/local/parts/kube-rbac-proxy

go 1.26

require github.com/brancz/kube-rbac-proxy v0.18.1
