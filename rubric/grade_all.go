package rubric

import (
	"context"
	"iter"
	"runtime"
)

// GradeAllOptions say how [GradeAll] goes about it. The zero value is right for
// most.
type GradeAllOptions struct {
	Workers  int            // goroutines that grade; 0 means one for each core
	Progress func(done int) // called now and then with the number handed over so far, and at the end, if there were any
}

// chunkSize is how many forms a worker grades at a time.
const chunkSize = 256

// chunk is some forms that follow one another, and their results.
type chunk struct {
	forms   []*Form
	results [chunkSize]Result
	graded  chan struct{}
}

// GradeAll grades many forms, of one rubric or of several, on all cores. It
// hands each result to each, in the order of the forms, with the form's place
// counted from 0. forms, each and Progress run in the caller's goroutine, one
// call at a time; memory does not grow with the number of forms. A result is
// good until each returns: it is then graded into again.
//
// The error is ctx's if that is cancelled, or the first that each returns. No
// form after that is pulled or handed over, and no goroutine is left behind. A form
// that is nil, or not from [Rubric.Form], has the zero Result; forms and each must
// not be nil.
func GradeAll(ctx context.Context, forms iter.Seq[*Form], each func(i int, f *Form, res *Result) error, o GradeAllOptions) error {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	work := make(chan *chunk)
	finished := make(chan struct{}, workers)
	for range workers {
		go func() {
			for c := range work {
				for i, f := range c.forms {
					c.results[i].Grade(f)
				}
				c.graded <- struct{}{}
			}
			finished <- struct{}{}
		}()
	}
	defer func() {
		close(work)
		for range workers {
			<-finished
		}
	}()

	g := gathering{ctx: ctx, each: each, progress: o.Progress}
	current := newChunk()
	for f := range forms {
		if err := ctx.Err(); err != nil {
			return err
		}
		if current.forms = append(current.forms, f); len(current.forms) < chunkSize {
			continue
		}
		g.waiting = append(g.waiting, current)
		select {
		case work <- current:
		case <-ctx.Done():
			return ctx.Err()
		}
		current = nil
		if len(g.waiting) > 2*workers {
			var err error
			if current, err = g.handOver(); err != nil {
				return err
			}
		}
		if current == nil {
			current = newChunk()
		}
	}
	if len(current.forms) > 0 {
		g.waiting = append(g.waiting, current)
		select {
		case work <- current:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for len(g.waiting) > 0 {
		if _, err := g.handOver(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func newChunk() *chunk {
	return &chunk{forms: make([]*Form, 0, chunkSize), graded: make(chan struct{}, 1)}
}

// gathering hands over what was graded, in order.
type gathering struct {
	ctx      context.Context
	each     func(i int, f *Form, res *Result) error
	progress func(done int)
	waiting  []*chunk // first come, first handed over
	done     int
}

// handOver waits for the first chunk and hands it over; the chunk can then be
// filled again.
func (g *gathering) handOver() (*chunk, error) {
	c := g.waiting[0]
	g.waiting = g.waiting[1:]
	<-c.graded
	for i, f := range c.forms {
		if err := g.ctx.Err(); err != nil {
			return nil, err
		}
		if err := g.each(g.done, f, &c.results[i]); err != nil {
			return nil, err
		}
		g.done++
	}
	if g.progress != nil {
		g.progress(g.done)
	}
	if err := g.ctx.Err(); err != nil {
		return nil, err
	}
	c.forms = c.forms[:0]
	return c, nil
}
