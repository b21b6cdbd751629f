package rubric

import (
	"fmt"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

// acceptance is the file's explanation of a finding.
type acceptance struct {
	kind    FindingKind
	at      string
	because string
	node    *source.Node
}

// accepted reads the explanations of a file.
func (p *reader) accepted() {
	for _, n := range p.root.Field("accepted").Each() {
		a := acceptance{kind: FindingKind(n.Text("finding")), at: n.Text("at"), because: n.Text("because"), node: n}
		if slices.ContainsFunc(p.r.accepted, func(o acceptance) bool { return o.kind == a.kind && o.at == a.at }) {
			p.wrong(n.Mistake("this finding is explained twice"))
		}
		p.r.accepted = append(p.r.accepted, a)
	}
}

// accept gives each finding its explanation, and says which explanations explain none.
func (p *prover) accept() {
	for _, a := range p.r.accepted {
		i := slices.IndexFunc(p.a.Findings, func(f Finding) bool { return f.Kind == a.kind && f.At == a.at })
		if i >= 0 {
			p.a.Findings[i].Accepted = a.because
			continue
		}
		var ats []string
		for _, f := range p.a.Findings {
			if f.Kind == a.kind {
				ats = append(ats, f.At)
			}
		}
		message := fmt.Sprintf("there is no finding %s at %s; take the explanation out", a.kind, quote(a.at))
		if near := source.Nearest(a.at, ats); near != "" {
			message += fmt.Sprintf(", or did you mean %q?", near)
		} else if len(ats) > 0 {
			message += fmt.Sprintf(", or is another meant? There is one at %s", strings.Join(ats, ", "))
		}
		p.a.Stale = append(p.a.Stale, a.node.Field("at").Mistake("%s", message))
	}
}
