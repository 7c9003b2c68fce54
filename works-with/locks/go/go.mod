module example.org/shop

go 1.22

require (
	github.com/google/go-cmp v0.6.0
	github.com/google/uuid v1.6.0
)
