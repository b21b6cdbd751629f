module github.com/practiceaudit/practiceaudit

go 1.25.0

require (
	github.com/expr-lang/expr v1.17.8
	github.com/google/go-cmp v0.7.0
	github.com/rickar/cal/v2 v2.1.31
	github.com/santhosh-tekuri/jsonschema/v5 v5.3.1
	go.yaml.in/yaml/v4 v4.0.0
	golang.org/x/mod v0.40.0
	pgregory.net/rapid v1.3.0
)
