module github.com/tenantvet/tenantvet/e2e/sqloracle

go 1.26.0

require (
	github.com/sqlc-dev/marino v0.3.1
	github.com/sqlc-dev/meyer v0.1.2
	github.com/sqlc-dev/oliphant v0.2.0
	github.com/tenantvet/tenantvet v0.0.0
)

require (
	golang.org/x/text v0.19.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace github.com/tenantvet/tenantvet => ../..
