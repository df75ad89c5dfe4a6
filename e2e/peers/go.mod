module github.com/tenantvet/tenantvet/e2e/peers

go 1.26.0

require (
	github.com/grafana/dskit v0.0.0-20260703122047-de1ec7541c44
	github.com/tenantvet/tenantvet v0.0.0
)

require (
	github.com/go-kit/log v0.2.1 // indirect
	github.com/go-logfmt/logfmt v0.5.1 // indirect
	golang.org/x/sys v0.49.0 // indirect
	google.golang.org/grpc v1.80.0 // indirect
)

replace github.com/tenantvet/tenantvet => ../..
