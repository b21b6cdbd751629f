package rubric

import "slices"

// weighing follows gauges and cells through the questions of a diagram. A state holds
// the gauges so far, and then the cells that later questions or the watch still read,
// each as its number from 1; 0 while it is not asked or no longer read.
type weighing struct {
	sp     *space
	watch  watch
	gauges []int      // that a state holds
	open   []int      // of those, that go on beyond the diagram: nothing is known of their end
	cells  []int      // groups that a state holds
	needs  [][][]bool // by question and group, what it and later ones read of a cell, the watch aside
	least  [][]int    // by question and gauge, the least that it and later ones add
	most   [][]int

	slots  []int    // of each gauge of the space
	rooms  []int    // of each group of the space
	goesOn []bool   // by gauge of a state, whether it is one of open
	alive  []bool   // room for settle
	reads  [][]bool // likewise, of each group what the watch goes on reading
	views  map[string]view
}

// lay gives each gauge and each group its place in a state.
func (w *weighing) lay() {
	w.slots, w.rooms = make([]int, len(w.sp.queries.gauges)), make([]int, len(w.sp.groups))
	w.goesOn = make([]bool, len(w.gauges))
	for i, g := range w.gauges {
		w.slots[g] = i
		w.goesOn[i] = slices.Contains(w.open, g)
	}
	for k, g := range w.cells {
		w.rooms[g] = len(w.gauges) + k
	}
	w.alive, w.views = make([]bool, len(w.gauges)), map[string]view{}
	for _, g := range w.cells {
		w.reads = append(w.reads, make([]bool, w.sp.groups[g].places()))
	}
}

// forget takes a cell for the first that nothing to come tells from it.
func (w *weighing) forget(question, k, cell int) int {
	key := make([]byte, 0, 64)
	key = append(key, byte(k), byte(k>>8))
	needs, some := w.needs[question][k], false
	for at, read := range w.reads[k] {
		read = read || needs[at]
		key = append(key, byte(bit(read)))
		some = some || read
	}
	if !some {
		return 0
	}
	v, ok := w.views[string(key)]
	if !ok {
		places := map[int]bool{}
		for at := range w.reads[k] {
			if key[2+at] == 1 {
				places[at] = true
			}
		}
		v = w.sp.groups[w.cells[k]].viewOf(places)
		w.views[string(key)] = v
	}
	return v.first[v.of[cell-1]] + 1
}

// truth is what a query comes to before a question, as far as that is known.
func (w *weighing) truth(question int, state []int, q *query) truth {
	switch q.op {
	case isSo:
		return truthOf(q.hold)
	case allOfThese, oneOfThese:
		t := truthOf(q.op == allOfThese)
		for _, p := range q.parts {
			if of := w.truth(question, state, p); q.op == allOfThese {
				t = t.and(of)
			} else {
				t = t.or(of)
			}
		}
		return t
	case keeps:
		at := w.sp.ofWithin[q.within]
		cell := state[w.cell(at.group)]
		if cell == 0 {
			return undetermined
		}
		return truthOf((w.sp.groups[at.group].cells[cell-1].at[at.at] == 1) == q.hold)
	}
	lo, hi := 0, 0
	if q.gauge >= 0 {
		i := w.gauge(q.gauge)
		lo, hi = state[i]+w.least[question][i], state[i]+w.most[question][i]
	}
	var rd *reading
	from, to := 0, 0
	if q.reading >= 0 {
		rd = w.sp.queries.readings[q.reading]
		at := w.sp.ofGroup[q.reading]
		if cell := state[w.cell(at.group)]; cell == 0 {
			to = len(rd.bounds)
		} else {
			from = w.sp.groups[at.group].cells[cell-1].at[at.at]
			to = from
		}
		if q.sign < 0 {
			from, to = to, from
		}
	}
	t := between(q.answer(hi, to, rd), q.answer(lo, from, rd))
	if !q.hold {
		t = t.not()
	}
	return t
}

func (w *weighing) gauge(g int) int    { return w.slots[g] }
func (w *weighing) cell(group int) int { return w.rooms[group] }

// settle clears what no later answer can make matter, and holds each gauge where it
// surely passes all its bounds, or none.
func (w *weighing) settle(question int, state []int) {
	clear(w.alive)
	for _, r := range w.reads {
		clear(r)
	}
	for _, q := range w.watch.each {
		w.keep(question, state, q)
	}
	for _, q := range w.watch.first {
		if q == nil {
			break
		}
		w.keep(question, state, q)
		if w.truth(question, state, q) == yes {
			break
		}
	}
	for i, g := range w.gauges {
		gauge := w.sp.queries.gauges[g]
		switch {
		case w.goesOn[i] && len(gauge.bounds) > 0 && !gauge.joined:
			if gauge.lo >= 0 {
				state[i] = min(state[i], gauge.bounds[len(gauge.bounds)-1])
			} else if gauge.hi <= 0 {
				state[i] = max(state[i], gauge.bounds[0]-1)
			}
		case w.goesOn[i]:
		case !w.alive[i]:
			state[i] = 0
		case !gauge.joined:
			state[i] = min(state[i], gauge.bounds[len(gauge.bounds)-1]-w.least[question][i])
			state[i] = max(state[i], gauge.bounds[0]-1-w.most[question][i])
		}
	}
	for k := range w.cells {
		if i := len(w.gauges) + k; state[i] > 0 {
			state[i] = w.forget(question, k, state[i])
		}
	}
}

// keep marks what a query must go on knowing.
func (w *weighing) keep(question int, state []int, q *query) {
	switch q.op {
	case isSo:
		return
	case keeps:
		at := w.sp.ofWithin[q.within]
		w.reads[w.cell(at.group)-len(w.gauges)][at.at] = true
		return
	case reaches:
		if q.gauge >= 0 {
			w.alive[w.gauge(q.gauge)] = true
		}
		if q.reading >= 0 {
			at := w.sp.ofGroup[q.reading]
			w.reads[w.cell(at.group)-len(w.gauges)][at.at] = true
		}
		return
	}
	if t := w.truth(question, state, q); t == truthOf(q.op == oneOfThese) { // one part is enough
		i := slices.IndexFunc(q.parts, func(p *query) bool { return w.truth(question, state, p) == t })
		w.keep(question, state, q.parts[i])
		return
	}
	for _, p := range q.parts {
		w.keep(question, state, p)
	}
}

// outcome is what the watch finds out after the last question.
func (w *weighing) outcome(question int, state []int) outcome {
	o := outcome{first: -1}
	for i, q := range w.watch.each {
		if w.truth(question, state, q) == yes {
			o.each |= 1 << i
		}
	}
	for i, q := range w.watch.first {
		if q == nil || w.truth(question, state, q) == yes {
			o.first = i
			break
		}
	}
	return o
}
