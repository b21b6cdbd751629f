// Package bench measures how fast package rubric grades, beside a program
// written by hand for one rubric and beside other rule engines. It holds tests
// only, in a module of its own, so that nobody who grades downloads the engines.
//
//	go test ./rubric/bench -bench Grade -count 10
package bench
