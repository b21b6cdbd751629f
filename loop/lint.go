package loop

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// FindingKind says what kind of thing a policy's lint found. Its name stands in a
// policy file, under "accepted".
type FindingKind string

// The kinds of finding.
const (
	CycleOverrunsMonth      FindingKind = "cycle_overruns_month"      // audit and moderation are not over when the next month's begins
	NobodyCan               FindingKind = "nobody_can"                // a command that nobody can give once duties are separated
	RoleNobodyHolds         FindingKind = "role_nobody_holds"         // a role that nobody is ever given
	LadderWithoutEnd        FindingKind = "ladder_without_end"        // a ladder that comes round to those it told before, or never leaves the case
	RungAfterTheDay         FindingKind = "rung_after_the_day"        // a rung later than the day on which it must be reached
	ReminderBeforeClock     FindingKind = "reminder_before_clock"     // a reminder of a moment before its clock begins
	EscalationWithoutPower  FindingKind = "escalation_without_power"  // an escalation that tells nobody who could act
	PlaceholderWithoutValue FindingKind = "placeholder_without_value" // a notice whose words say nothing there
	CriticalWithoutDeputy   FindingKind = "critical_without_deputy"   // a critical notice that reaches no deputy
	StandardBeforeActions   FindingKind = "standard_before_actions"   // a standard due before the actions that it needs
	NeverReviewed           FindingKind = "never_reviewed"            // nobody is to look at the policy again
	SameTitle               FindingKind = "same_title"                // two roles that the council calls the same
)

// Finding is one thing about a process policy that its author should know, though
// the file can be used as it is.
type Finding struct {
	Kind FindingKind

	// At is what it is about, as an explanation under "accepted" names it:
	// "clocks.moderation", "may.confirm_action", "ladders.plan.3". Kind and At name
	// one finding.
	At string

	Text     string         // in plain English, with what would be right
	Place    rubric.Mistake // where in the file; its Error shows the line with a caret and Text
	Accepted string         // the file's own explanation; "" if it has none
}

// Lint is what there is to say of a process policy that has no mistakes.
type Lint struct {
	Findings []Finding       // in file order, those that the file explains among them
	Stale    rubric.Mistakes // explanations under "accepted" that explain no finding
}

// Unexplained are the findings that the file does not explain.
func (l *Lint) Unexplained() []Finding {
	if l == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(l.Findings), func(f Finding) bool { return f.Accepted != "" })
}

// Err is every finding that the file does not explain and every stale explanation,
// in file order, as a rubric.Mistakes; nil if there is none.
func (l *Lint) Err() error {
	if l == nil {
		return nil
	}
	ms := slices.Clone(l.Stale)
	for _, f := range l.Unexplained() {
		ms = append(ms, f.Place)
	}
	return ms.Err()
}

// Lint looks for what is allowed in a process policy and yet can hardly be meant: a
// cycle that does not fit its month, a command that nobody can give, a ladder that
// leads nowhere. Days are counted in the given calendar, over all its years.
func (p *Policy) Lint(cal *calendar.Calendar) *Lint {
	l := &linter{Policy: p, cal: cal, out: &Lint{}}
	if p == nil {
		return l.out
	}
	l.reviewed()
	l.cycles()
	l.reminders()
	l.standard()
	l.escalations()
	l.ladders()
	l.given()
	l.held()
	l.entitled()
	l.words()
	l.critical()
	slices.SortStableFunc(l.out.Findings, func(a, b Finding) int {
		return cmp.Or(a.Place.Line-b.Place.Line, a.Place.Column-b.Place.Column)
	})
	l.accept()
	return l.out
}

// Warnings says what to take note of on a day: that the policy was to be reviewed
// by then.
func (p *Policy) Warnings(today calendar.Date) []string {
	if p.ReviewBy.IsZero() || !today.After(p.ReviewBy) {
		return nil
	}
	return []string{fmt.Sprintf("%s, version %s, was to be reviewed by %s: check that it is still the one to use", p.Title, p.Version, p.ReviewBy.Long())}
}

// linter gathers the findings of a policy.
type linter struct {
	*Policy
	cal *calendar.Calendar
	out *Lint
}

// find adds a finding at a place of the file, or at what is nearest above it.
func (l *linter) find(kind FindingKind, at, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	l.out.Findings = append(l.out.Findings, Finding{Kind: kind, At: at, Text: text, Place: l.node(at).KeyMistake("%s", text)})
}

// node is what stands at a place such as "clocks.audit.remind.1".
func (l *linter) node(at string) *source.Node {
	n := l.root
	for _, key := range strings.Split(at, ".") {
		next := n.Field(key)
		if i, err := strconv.Atoi(key); err == nil && n != nil && 0 < i && i <= len(n.Items) {
			next = n.Items[i-1]
		}
		if next == nil {
			break
		}
		n = next
	}
	return n
}

// accept gives each finding its explanation, and says which explanations explain
// none.
func (l *linter) accept() {
	for _, n := range l.root.Field("accepted").Each() {
		kind, at := FindingKind(n.Text("finding")), n.Text("at")
		i := slices.IndexFunc(l.out.Findings, func(f Finding) bool { return f.Kind == kind && f.At == at })
		switch {
		case i < 0:
			l.out.Stale = append(l.out.Stale, n.Field("at").Mistake("there is no finding %s at %s; take the explanation out%s", kind, at, l.elsewhere(kind)))
		case l.out.Findings[i].Accepted != "":
			l.out.Stale = append(l.out.Stale, n.Mistake("this finding is explained twice"))
		default:
			l.out.Findings[i].Accepted = n.Text("because")
		}
	}
}

// elsewhere says where there are findings of a kind.
func (l *linter) elsewhere(kind FindingKind) string {
	var ats []string
	for _, f := range l.out.Findings {
		if f.Kind == kind {
			ats = append(ats, f.At)
		}
	}
	if len(ats) == 0 {
		return ""
	}
	return ", or is another meant? There is one at " + strings.Join(ats, ", ")
}

func (l *linter) reviewed() {
	if l.ReviewBy.IsZero() {
		l.find(NeverReviewed, "review_by", "nothing says when this policy is looked at again; write review_by and a day")
	}
}
