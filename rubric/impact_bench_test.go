package rubric_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// BenchmarkImpact grades a million stored forms of Halton's rubric again under an
// edited one, from the bytes of their JSON: twenty thousand different ones, over and
// over. In whole forms every line is answered by itself, in short ones most with their
// list. A line that no form answers leaves its section and the file undetermined.
//
//	go test ./rubric -run '^$' -bench Impact -benchtime 1x
func BenchmarkImpact(b *testing.B) {
	const different, all = 20_000, 1_000_000
	r, edited := deepDive(b), editedHalton(b)
	src, err := os.ReadFile("testdata/halton-edited.yaml")
	if err != nil {
		b.Fatal(err)
	}
	const before = "      lacks_detail:\n"
	withNew := strings.Replace(string(src), before, "      nobody_asked:\n        in: [inadequate_lines]\n        text: Nobody asked the child\n"+before, 1)
	newLine, err := rubric.Parse("new-line.yaml", []byte(withNew))
	if err != nil || withNew == string(src) {
		b.Fatal(err)
	}
	for _, short := range []bool{false, true} {
		lines := haltonForms(b, r, different, short)
		size := 0
		for _, line := range lines {
			size += len(line)
		}
		for _, under := range []struct {
			name string
			to   *rubric.Rubric
		}{{"edited", edited}, {"with a new line", newLine}} {
			b.Run(fmt.Sprintf("%s/%s", map[bool]string{false: "whole", true: "short"}[short], under.name), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(size / different * all))
				for b.Loop() {
					x, err := rubric.Impact(b.Context(), r, under.to, calendar.EnglandAndWales(), stream(lines, all), rubric.ImpactOptions{})
					if err != nil || x.Forms != all {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(all)*float64(b.N)/b.Elapsed().Seconds(), "forms/s")
			})
		}
	}
}
