module parley/netlab

go 1.19
