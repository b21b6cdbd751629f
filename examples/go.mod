module github.com/practiceaudit/practiceaudit/examples

go 1.25.0

require (
	github.com/emersion/go-smtp v0.25.1
	github.com/practiceaudit/practiceaudit v0.1.0
	github.com/practiceaudit/practiceaudit/loop/sqlstore v0.1.0
	github.com/wneessen/go-mail v0.8.1
)
