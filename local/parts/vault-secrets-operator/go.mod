module secrets-platform/local/parts/vault-secrets-operator

go 1.26

require github.com/hashicorp/vault-secrets-operator v0.10.0
