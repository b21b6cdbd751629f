package rubric

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// ImpactOptions say how [Impact] goes about it. The zero value is right for most.
type ImpactOptions struct {
	Workers  int            // goroutines that grade; 0 means one for each core
	Progress func(done int) // called now and then with the number of lines that are done, and at the end
}

// Impact grades stored forms of one version of a rubric again under another, and
// reports which grades move and why. Each line is a stored form as [FormReader] reads
// it; a blank one is passed over. What a form says is taken over by the names of
// sections, lines and facts: what the new version does not ask is left aside, what only
// the new version asks is not answered, and a form with an answer that the new version
// does not take cannot be graded. Each of these is counted and explained in the report,
// as is a line that cannot be read; none of them ends the run.
//
// It uses all cores. lines and Progress run in the caller's goroutine; a line is
// copied, and may be changed once the next is asked for. Memory does not grow with the
// number of lines, and the report is the same however many cores there are. The
// calendar is for conditions that count time; nil leaves those undetermined.
//
// The error is ctx's if that is cancelled, or the first that comes with a line: lines
// that follow are not read, and the report is of those before it. No goroutine is left
// behind. Rubrics that do not come from [Parse] are an error.
func Impact(ctx context.Context, old, new *Rubric, cal *calendar.Calendar, lines iter.Seq2[[]byte, error], o ImpactOptions) (*ImpactReport, error) {
	if old == nil || new == nil || len(old.grades) == 0 || len(new.grades) == 0 {
		return nil, errors.New("no impact without two versions of a rubric: read them with rubric.Parse")
	}
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	p := newImpactPlan(old, new, cal)
	graders := make([]*impactGrader, workers)
	for i := range graders {
		graders[i] = p.grader()
	}
	done, err := gradeLines(ctx, graders, lines, o.Progress)
	if o.Progress != nil && done > 0 {
		o.Progress(done)
	}
	return p.report(graders), err
}

// gradeLines has every line graded by one of the graders, each in a goroutine of its
// own, and returns how many lines that were.
func gradeLines(ctx context.Context, graders []*impactGrader, lines iter.Seq2[[]byte, error], progress func(int)) (int, error) {
	work, free := make(chan *batch), make(chan *batch, 2*len(graders))
	for range cap(free) {
		free <- &batch{}
	}
	var done atomic.Int64
	err := func() error {
		var running sync.WaitGroup
		defer running.Wait()
		defer close(work)
		for _, g := range graders {
			running.Go(func() {
				for b := range work {
					g.batch(b)
					done.Add(int64(len(b.ends)))
					free <- b
				}
			})
		}
		return feed(ctx, lines, work, free, func() {
			if n := int(done.Load()); progress != nil && n > 0 {
				progress(n)
			}
		})
	}()
	return int(done.Load()), err
}

// feed hands the lines to the workers, in batches that are used again.
func feed(ctx context.Context, lines iter.Seq2[[]byte, error], work chan<- *batch, free <-chan *batch, progress func()) error {
	if lines == nil {
		return ctx.Err()
	}
	b, next := <-free, 1
	b.start(next)
	for line, err := range lines {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			work <- b
			return err
		}
		b.add(line)
		next++
		if b.full() {
			work <- b
			progress()
			b = <-free
			b.start(next)
		}
	}
	work <- b
	return ctx.Err()
}

// batch is some lines that follow one another.
type batch struct {
	first int // number of the first line, from 1
	text  []byte
	ends  []int // of each line, in text
}

// A batch is full at so many lines or bytes. It then holds less than one line more
// than these bytes.
const (
	batchLines = 256
	batchBytes = 1 << 18
)

func (b *batch) start(first int) { b.first, b.text, b.ends = first, b.text[:0], b.ends[:0] }
func (b *batch) full() bool      { return len(b.ends) == batchLines || len(b.text) >= batchBytes }

// add copies a line; of one that is too long to be read, enough to see that.
func (b *batch) add(line []byte) {
	b.text = append(b.text, line[:min(len(line), MaxStoredForm+1)]...)
	b.ends = append(b.ends, len(b.text))
}
