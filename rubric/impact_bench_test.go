package rubric_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// BenchmarkImpact takes a million stored forms of Halton's rubric to an edited one, of
// which every line is answered by itself (whole), or lists by their names (short). They
// are ten thousand different ones, over and over. peak-MB is the most memory in use when
// lines are handed over.
func BenchmarkImpact(b *testing.B) {
	from, to := deepDive(b), editedHalton(b)
	for name, short := range map[string]bool{"whole": false, "short": true} {
		forms := haltonForms(b, from, 10_000, short)
		for what, n := range map[string]int{"-10k": 10_000, "-1m": 1_000_000} {
			b.Run(name+what, func(b *testing.B) {
				peak, base := uint64(0), inUse()
				for b.Loop() {
					calls := 0
					_, err := rubric.Impact(context.Background(), from, to, calendar.EnglandAndWales(), stream(forms, n), rubric.ImpactOptions{Progress: func(int) {
						if calls++; calls%64 == 1 {
							peak = max(peak, inUse())
						}
					}})
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(peak-min(base, peak))/1e6, "peak-MB")
			})
		}
	}
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
