package bench

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// verdict is what every engine returns: for each section and for the file the
// grade that is suggested, the rule that suggests it, and the limits that apply.
type verdict [7]reason

// reason is the outcome of one section, or of the file, which comes last.
type reason struct {
	grade  int8  // rank from the worst; -1 where it is judged freely
	rule   int8  // from 0; -1 where there is none
	limits uint8 // a bit for each that applies, in file order
}

const sections = 6

// sectionBits are a section's lines in file order, a bit for each.
type sectionBits struct{ yes, partly, no uint64 }

// form is a complete form as an engine of bits has it. Judged holds the rank
// that a person gave a section, -1 without.
type form struct {
	sections [sections]sectionBits
	judged   [sections]int8
	missed   bool // a bottom line is
}

func deepDive(t testing.TB) *rubric.Rubric {
	t.Helper()
	r, err := rubric.Parse(halton.DeepDiveFile, halton.DeepDive())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// randomForms draws complete forms: good ones, bad ones and those between. Each
// comes as the library has it and as an engine of bits does.
func randomForms(t testing.TB, r *rubric.Rubric, n int) ([]*rubric.Form, []form) {
	t.Helper()
	d := rand.New(rand.NewPCG(1, 2))
	ours, theirs := make([]*rubric.Form, n), make([]form, n)
	for i := range n {
		a := rubric.Answers{
			Facts: map[string]string{
				"referred_at": "2026-03-02T09:00", "allocated_at": "2026-03-02T17:00",
				"consent": []string{"given", "given", "given", "refused"}[d.IntN(4)],
			},
			Lines: map[string]map[string]rubric.Answer{}, Judgements: map[string]rubric.Grade{},
		}
		if d.IntN(4) == 0 {
			a.Facts["allocated_at"] = "2026-03-04T10:00"
		}
		f := &theirs[i]
		for s, section := range r.Sections() {
			f.judged[s] = -1
			if section.JudgedFreely || d.IntN(3) == 0 {
				f.judged[s] = int8(1 + d.IntN(3))
				a.Judgements[section.ID] = r.Grades()[f.judged[s]]
			}
			good := []int{100, 100, 98, 80, 40}[d.IntN(5)]
			none := d.IntN(40) == 0 // no line that can be is applicable
			lines := map[string]rubric.Answer{}
			a.Lines[section.ID] = lines
			for j, l := range section.Lines {
				answer := answer(d, l, good)
				if none && slices.Contains(l.Answers, rubric.NotApplicable) {
					answer = rubric.NotApplicable
				}
				switch l.ID {
				case "consent_obtained":
					answer = map[bool]rubric.Answer{true: rubric.Evidenced, false: rubric.NotEvidenced}[a.Facts["consent"] == "given"]
				case "allocated_24h":
					answer = map[bool]rubric.Answer{true: rubric.Evidenced, false: rubric.NotEvidenced}[a.Facts["allocated_at"] == "2026-03-02T17:00"]
				default:
					lines[l.ID] = answer
				}
				bits := &f.sections[s]
				switch answer {
				case rubric.Evidenced, rubric.Seen:
					bits.yes |= 1 << j
				case rubric.Partly:
					bits.partly |= 1 << j
				case rubric.NotEvidenced, rubric.NotSeen:
					bits.no |= 1 << j
				}
				f.missed = f.missed || l.BottomLine && answer != rubric.Evidenced
			}
		}
		var err error
		if ours[i], err = r.Form(a, calendar.EnglandAndWales()); err != nil {
			t.Fatal(err)
		}
	}
	return ours, theirs
}

func answer(d *rand.Rand, l rubric.Line, good int) rubric.Answer {
	strength := len(l.Answers) != 2
	switch well := d.IntN(100) < good; {
	case well && strength:
		return rubric.Evidenced
	case well:
		return rubric.NotSeen
	case !strength:
		return rubric.Seen
	case !l.BottomLine && d.IntN(4) == 0:
		return rubric.NotApplicable
	case d.IntN(2) == 0:
		return rubric.Partly
	}
	return rubric.NotEvidenced
}

// ruledSections is how many sections have rules; the last is judged freely.
const ruledSections = 5

// ours tells a result as a verdict.
func ours(t testing.TB, r *rubric.Rubric, res *rubric.Result) verdict {
	t.Helper()
	var v verdict
	tell := func(i int, s rubric.Suggestion, limits []rubric.Limit) {
		v[i] = reason{grade: -1, rule: int8(s.Rule) - 1}
		if s.Determined {
			v[i].grade = int8(r.Rank(s.Grade))
		}
		for j, l := range limits {
			if l.Applies {
				v[i].limits |= 1 << j
			}
		}
	}
	for i, s := range res.Sections() {
		tell(i, s.Suggestion, s.Limits)
	}
	o := res.Overall()
	tell(sections, o.Suggestion, o.Limits)
	return v
}
