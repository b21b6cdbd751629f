package rubric

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

// A diagram holds every form of a section, or of a file, without holding them one by
// one. Its layers are the questions, one after another; a node of a layer is all that
// the answers so far can still matter for, and each choice leads to a node of the next
// layer. What differs only in what no longer matters is one node. After the last
// layer come the labels: what a form comes to. So one pass over the nodes, which are
// few, is a visit of all forms, which are more than there are atoms.

// diagram is layers of nodes, from roots to labels.
type diagram struct {
	roots  []int32 // nodes of the first layer, or labels where there is no layer
	layers []layer
	labels int
}

// layer is one question.
type layer struct {
	choices int
	next    []int32 // by node and choice, a node of the next layer; -1 where no form has the choice
	marks   []int32 // by node, what the maker keeps apart
}

func (l *layer) nodes() int { return len(l.next) / l.choices }

// maker says what a diagram is made of.
type maker interface {
	// roots are the states before the first question.
	roots() [][]int
	// questions is their number, and choices how many answers one takes.
	questions() int
	choices(question int) int
	// answer puts into next the state after an answer, and reports whether any form
	// has it.
	answer(question int, state []int, choice int, next []int) bool
	// settle brings a state before a question, or after the last, to the form in which
	// states that no later answer tells apart are the same.
	settle(question int, state []int)
	// mark is a number for what a state is never taken for another's in, though all
	// answers lead on alike.
	mark(question int, state []int) int32
	// label is the number of what a form comes to.
	label(state []int) int32
}

// making makes a diagram forwards, state by state, and then backwards makes one node
// of those that all answers lead on alike.
type making struct {
	m     maker
	steps *budget
	d     *diagram
	key   []byte
}

func makeDiagram(m maker, steps *budget) *diagram {
	k := &making{m: m, steps: steps, d: &diagram{}}
	states, index := [][]int{}, map[string]int32{}
	for _, s := range m.roots() {
		m.settle(0, s)
		k.d.roots = append(k.d.roots, k.place(&states, index, s))
	}
	for q := range m.questions() {
		states = k.layer(q, states)
	}
	ends := make([]int32, len(states))
	for i, s := range states {
		ends[i] = m.label(s)
		k.d.labels = max(k.d.labels, int(ends[i])+1)
	}
	k.d.reduce(ends)
	return k.d
}

// layer answers a question in every state and returns the states after it.
func (k *making) layer(q int, states [][]int) [][]int {
	choices := k.m.choices(q)
	l := layer{choices: choices, next: make([]int32, 0, len(states)*choices)}
	var after [][]int
	index := map[string]int32{}
	k.steps.spend(len(states) * choices)
	var next []int
	for _, s := range states {
		l.marks = append(l.marks, k.m.mark(q, s))
		for c := range choices {
			if next == nil {
				next = make([]int, len(s))
			}
			if !k.m.answer(q, s, c, next) {
				l.next = append(l.next, -1)
				continue
			}
			k.m.settle(q+1, next)
			before := len(after)
			l.next = append(l.next, k.place(&after, index, next))
			if len(after) > before {
				next = nil
			}
		}
	}
	k.d.layers = append(k.d.layers, l)
	return after
}

// place is the node of a state, a new one if need be. A new one keeps the state.
func (k *making) place(states *[][]int, index map[string]int32, s []int) int32 {
	k.key = k.key[:0]
	for _, v := range s {
		k.key = binary.AppendVarint(k.key, int64(v))
	}
	i, ok := index[string(k.key)]
	if !ok {
		i = int32(len(*states))
		*states = append(*states, s)
		index[string(k.key)] = i
	}
	return i
}

// reduce makes one node of those that lead on alike. ends are the labels of the nodes
// after the last layer.
func (d *diagram) reduce(ends []int32) {
	to := ends
	var key []byte
	for q := len(d.layers) - 1; q >= 0; q-- {
		l := &d.layers[q]
		n := l.nodes()
		same := make([]int32, n)
		index := map[string]int32{}
		var kept, marks []int32
		for node := range n {
			edges := l.next[node*l.choices : (node+1)*l.choices]
			key = binary.LittleEndian.AppendUint32(key[:0], uint32(l.marks[node]))
			for _, e := range edges {
				if e >= 0 {
					e = to[e]
				}
				key = binary.LittleEndian.AppendUint32(key, uint32(e))
			}
			i, ok := index[string(key)]
			if !ok {
				i = int32(len(index))
				index[string(key)] = i
				marks = append(marks, l.marks[node])
				for c := range edges {
					kept = append(kept, int32(binary.LittleEndian.Uint32(key[4+4*c:])))
				}
			}
			same[node] = i
		}
		l.next, l.marks, to = kept, marks, same
	}
	for i, r := range d.roots {
		d.roots[i] = to[r]
	}
}

// set is a set of nodes, or of labels.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s set) size() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// all are the members, rising.
func (s set) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for k, w := range s {
			for ; w != 0; w &= w - 1 {
				if !yield(64*k + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

// reach adds to labels every label that a root's forms come to, where allowed are the
// choices that each question leaves.
func (d *diagram) reach(root int, allowed []set, labels set) {
	var room [2][4]uint64
	at, other := set(room[0][:]), set(room[1][:])
	widest := d.labels
	for i := range d.layers {
		widest = max(widest, d.layers[i].nodes())
	}
	if widest > 64*len(at) {
		at, other = newSet(widest), newSet(widest)
	} else {
		words := (widest + 63) / 64
		at, other = at[:words], other[:words]
	}
	at.add(int(d.roots[root]))
	for q := range d.layers {
		l := &d.layers[q]
		clear(other)
		for k, w := range at {
			for ; w != 0; w &= w - 1 {
				edges := l.next[(64*k+bits.TrailingZeros64(w))*l.choices:]
				for c, open := range allowed[q] {
					for ; open != 0; open &= open - 1 {
						if next := edges[64*c+bits.TrailingZeros64(open)]; next >= 0 {
							other[next/64] |= 1 << (next % 64)
						}
					}
				}
			}
		}
		at, other = other, at
	}
	for k := range min(len(labels), len(at)) {
		labels[k] |= at[k]
	}
}
