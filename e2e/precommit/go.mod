module github.com/tenantvet/tenantvet/e2e/precommit

go 1.26.0
