package rubric

import "slices"

// paths are the cheapest ways through a diagram from one root, to every node.
type paths struct {
	d    *diagram
	cost [][]int // by layer and node, and last by label; -1 where none leads
	from [][]int32
	by   [][]int32 // the choice
}

// cheapest finds them. cost is what a choice costs; -1 for one that is not open.
func (d *diagram) cheapest(root int, cost func(question, node, choice int) int) *paths {
	p := &paths{d: d}
	at := make([]int, d.width(0))
	fill(at, -1)
	at[d.roots[root]] = 0
	p.cost = append(p.cost, at)
	for q := range d.layers {
		l := &d.layers[q]
		next, from, by := make([]int, d.width(q+1)), make([]int32, d.width(q+1)), make([]int32, d.width(q+1))
		fill(next, -1)
		for node, so := range at {
			if so < 0 {
				continue
			}
			for c, to := range l.next[node*l.choices : (node+1)*l.choices] {
				if to < 0 {
					continue
				}
				step := cost(q, node, c)
				if step >= 0 && (next[to] < 0 || so+step < next[to]) {
					next[to], from[to], by[to] = so+step, int32(node), int32(c)
				}
			}
		}
		p.cost, p.from, p.by = append(p.cost, next), append(p.from, from), append(p.by, by)
		at = next
	}
	return p
}

func fill(s []int, v int) {
	for i := range s {
		s[i] = v
	}
}

// width is the number of nodes of a layer, or of labels after the last.
func (d *diagram) width(q int) int {
	if q == len(d.layers) {
		return d.labels
	}
	return d.layers[q].nodes()
}

// to is what the way to a label costs; -1 where none leads there.
func (p *paths) to(label int) int { return p.cost[len(p.d.layers)][label] }

// choices are those of the way to a node of a layer.
func (p *paths) choices(layer, node int) []int {
	choices := make([]int, layer)
	for q := layer - 1; q >= 0; q-- {
		choices[q] = int(p.by[q][node])
		node = int(p.from[q][node])
	}
	return choices
}

// twins are the cheapest ways for two forms through a diagram that differ by one step
// and in nothing else.
type twins struct {
	d     *diagram
	nodes [][]twin // by layer, and last by label
	index []map[[2]int32]int32
}

// twin is where two forms stand. Up to the step both stand where the way before it
// leads; after it both take the same choices.
type twin struct {
	at      [2]int32
	cost    int
	from    int32    // a pair of the layer before; -1 where the step leads here
	node    int32    // where the step starts, if it does
	choices [2]int32 // the last of each form
}

func newTwins(d *diagram) *twins {
	p := &twins{d: d, nodes: make([][]twin, len(d.layers)+1), index: make([]map[[2]int32]int32, len(d.layers)+1)}
	for i := range p.index {
		p.index[i] = map[[2]int32]int32{}
	}
	return p
}

// add adds a pair to a layer, if there is none so cheap.
func (p *twins) add(layer int, n twin) {
	if n.at[0] < 0 || n.at[1] < 0 {
		return
	}
	i, ok := p.index[layer][n.at]
	if !ok {
		p.index[layer][n.at] = int32(len(p.nodes[layer]))
		p.nodes[layer] = append(p.nodes[layer], n)
	} else if n.cost < p.nodes[layer][i].cost {
		p.nodes[layer][i] = n
	}
}

// through leads all pairs on, from layer to layer. steps adds those that begin at a
// layer, and on says what choices both forms take together, and what they cost.
func (p *twins) through(steps *budget, begin func(layer int), on func(layer int, n *twin, take func(a, b, cost int))) {
	for q := range p.d.layers {
		l := &p.d.layers[q]
		begin(q)
		for i := range p.nodes[q] {
			n := &p.nodes[q][i]
			on(q, n, func(a, b, cost int) {
				p.add(q+1, twin{
					at:   [2]int32{l.next[int(n.at[0])*l.choices+a], l.next[int(n.at[1])*l.choices+b]},
					cost: n.cost + cost, from: int32(i), choices: [2]int32{int32(a), int32(b)},
				})
			})
		}
		steps.spend(len(p.nodes[q]))
	}
}

// choices are those of both forms on the way to a pair of a layer, where before is the
// way to the node at which the step starts.
func (p *twins) choices(layer int, n twin, before func(layer, node int) []int) (a, b []int) {
	for layer > 0 {
		a, b = append(a, int(n.choices[0])), append(b, int(n.choices[1]))
		layer--
		if n.from < 0 {
			break
		}
		n = p.nodes[layer][n.from]
	}
	slices.Reverse(a)
	slices.Reverse(b)
	if layer > 0 {
		head := before(layer, int(n.node))
		a, b = append(slices.Clone(head), a...), append(slices.Clone(head), b...)
	}
	return a, b
}
