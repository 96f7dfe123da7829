module secrets-platform/local/parts/pause

go 1.24
