module github.com/tenantvet/tenantvet/examples/guarded

go 1.26.0

require github.com/tenantvet/tenantvet v0.0.0

replace github.com/tenantvet/tenantvet => ../..
