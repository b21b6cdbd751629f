package form

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/rubric"
)

// Files that are right each by itself can still disagree. What follows holds
// them against each other and says where each stands that does not fit.

// Kind is a kind of file that is held to a rubric.
type Kind int

// The kinds of file. The zero Kind is none.
const (
	AuditForm Kind = 1 + iota
	ModerationForm
	UpdatesFile
)

// CheckShape holds a file to its schema alone: all that can be said of it while
// the rubric or the process policy that it belongs to has mistakes itself.
func CheckShape(k Kind, file string, src []byte) error {
	check, ok := map[Kind]func(*source.Node) source.Mistakes{
		AuditForm: checkAudit, ModerationForm: checkModeration, UpdatesFile: checkUpdates,
	}[k]
	if !ok {
		return fmt.Errorf("there is no kind %d of file", k)
	}
	return read(file, src, check, loop.Env{}).mistakes.Err()
}

// CheckCase holds the form's case to the caseload.
func (f *Audit) CheckCase(c *Caseload) rubric.Mistakes {
	n := f.root.Field("case")
	if _, ok := c.File(f.Case); ok || n == nil {
		return nil
	}
	var known []string
	for _, o := range c.Files {
		known = append(known, string(o.Case.Number))
	}
	return rubric.Mistakes{n.Mistake("the caseload has no case %s, which the form is about%s", f.Case, didYouMean(string(f.Case), known))}
}

// CheckSameCase holds a re-audit's case to that of the first audit.
func (f *Audit) CheckSameCase(first *Audit) rubric.Mistakes { return sameCase(f.root, f.Case, first) }

// CheckSameCase holds the moderation's case to that of the audit.
func (f *Moderation) CheckSameCase(a *Audit) rubric.Mistakes { return sameCase(f.root, f.Case, a) }

func sameCase(root *source.Node, number audit.CaseNumber, a *Audit) rubric.Mistakes {
	n := root.Field("case")
	if n == nil || a.Case == "" || number == a.Case {
		return nil
	}
	return rubric.Mistakes{n.Mistake("this form is about case %s, and the audit about %s", number, a.Case)}
}

// CheckPeople holds those whom the form calls practitioners to those of the case.
func (f *Audit) CheckPeople(p audit.People) rubric.Mistakes {
	var ms rubric.Mistakes
	who := f.root.Field("meeting").Field("with").Each()
	if by := f.root.Field("reflection").Field("by"); by != nil {
		who = append([]*source.Node{by}, who...)
	}
	practitioners := p.Of(audit.RolePractitioner)
	for _, n := range who {
		if name := n.Scalar(); name != "" && !slices.Contains(practitioners, audit.PersonID(name)) {
			ms = append(ms, n.Mistake("%s is not a practitioner of this case%s", name, oneOf(name, practitioners)))
		}
	}
	return ms
}

// CheckPerson holds whom an update allocates to the person whose form follows.
func (u Update) CheckPerson(is audit.PersonID) rubric.Mistakes {
	n := u.entry.node.Field("person")
	if n == nil || is == "" || u.Person == is {
		return nil
	}
	return rubric.Mistakes{n.Mistake("%s is allocated here, and the form is by %s: write the same in both", u.Person, is)}
}

// CheckActions holds the actions that an update names to those of the forms; the
// moderation is nil where there is none.
func (u Update) CheckActions(a *Audit, m *Moderation) rubric.Mistakes {
	known := slices.Clone(a.actions)
	if m != nil {
		known = append(known, m.actions...)
	}
	var ms rubric.Mistakes
	if n := u.entry.node.Field("action"); n != nil && !slices.Contains(known, n.Scalar()) {
		ms = append(ms, n.Mistake("no form has an action %q%s", n.Scalar(), oneOf(n.Scalar(), known)))
	}
	for _, n := range u.entry.node.Field("held").Entries() {
		if !slices.Contains(known, n.Key) {
			ms = append(ms, n.KeyMistake("no form has an action %q%s", n.Key, oneOf(n.Key, known)))
		}
	}
	return ms
}

// Check holds a caseload and who holds which role against each other and against
// a process policy: every team is known, its Divisional Managers and
// practitioners are those that the people file lists, where it lists any, and
// somebody holds every role that the policy tells of something.
func (c *Council) Check(p *loop.Policy, cl *Caseload) rubric.Mistakes {
	return append(c.unheld(p), c.strangers(cl)...)
}

// ofTheCase are roles that nobody holds beside one audit or one case.
var ofTheCase = []audit.Role{audit.RoleAuditor, audit.RoleModerator, audit.RolePeerReviewer, audit.RolePractitioner, audit.RoleDivisionalManager, audit.RoleActionOwner, audit.RoleSystem}

// unheld says which roles nobody holds that the policy tells of something.
func (c *Council) unheld(p *loop.Policy) rubric.Mistakes {
	var ms rubric.Mistakes
	for _, role := range audit.Roles() {
		if slices.Contains(ofTheCase, role) || !told(p, role) || len(c.council.Of(role)) > 0 {
			continue
		}
		missing := fmt.Sprintf("nobody is named as %s, whom the process policy tells of something; add %s: [person]", p.Audit.Titles.Of(role), role)
		teams := c.root.Field("teams").Entries()
		ofTeams := slices.ContainsFunc(teams, func(n *source.Node) bool { return len(c.teams[n.Key].Of(role)) > 0 }) ||
			slices.Contains(lineRoles, role)
		if !ofTeams {
			if n := c.root.Field("council"); n != nil {
				ms = append(ms, n.KeyMistake("%s", missing))
			}
			continue
		}
		for _, n := range teams {
			if len(c.teams[n.Key].Of(role)) == 0 {
				ms = append(ms, n.KeyMistake("%s", missing))
			}
		}
	}
	return ms
}

// lineRoles are those of a case's line of management.
var lineRoles = []audit.Role{audit.RolePracticeLead, audit.RolePrincipalManager, audit.RoleTeamManager}

// told reports whether a policy tells a role of anything.
func told(p *loop.Policy, role audit.Role) bool {
	for _, text := range p.Notices {
		if slices.Contains(text.Tell, role) {
			return true
		}
	}
	for _, steps := range p.Steps {
		if slices.ContainsFunc(steps, func(s loop.Step) bool { return slices.Contains(s.Tell, role) }) {
			return true
		}
	}
	for _, ladder := range p.Ladders {
		if slices.ContainsFunc(ladder, func(r loop.Rung) bool { return slices.Contains(r.Tell, role) }) {
			return true
		}
	}
	return false
}

// strangers says which teams and people of a caseload the people file does not
// know: each once, at the first line that names it.
func (c *Council) strangers(cl *Caseload) rubric.Mistakes {
	var ms rubric.Mistakes
	said := map[string]bool{}
	wrong := func(f File, column, name, format string, args ...any) {
		key := column + "\x00" + f.Case.Team + "\x00" + name
		if name == "" || said[key] {
			return
		}
		said[key] = true
		ms = append(ms, cl.mistake(f, column, name, fmt.Sprintf(format, args...)))
	}
	teams := slices.Sorted(maps.Keys(c.teams))
	for _, f := range cl.Files {
		team, known := c.teams[f.Case.Team]
		if !known {
			wrong(f, "team", f.Case.Team, "the people file has no team %q%s", f.Case.Team, oneOf(f.Case.Team, teams))
			continue
		}
		managers := c.listed(team, audit.RoleDivisionalManager)
		if len(managers) > 0 && !slices.Contains(managers, f.DivisionalManager) {
			wrong(f, "divisional manager", string(f.DivisionalManager), "%s is not a Divisional Manager of %s in the people file%s", f.DivisionalManager, f.Case.Team, oneOf(string(f.DivisionalManager), managers))
		}
		practitioners := c.listed(team, audit.RolePractitioner)
		for _, p := range f.Practitioners {
			if len(practitioners) > 0 && !slices.Contains(practitioners, p) {
				wrong(f, "practitioner", string(p), "%s is not a practitioner of %s in the people file%s", p, f.Case.Team, oneOf(string(p), practitioners))
			}
		}
	}
	return ms
}

// listed are those whom the people file lists for a role of a team; deputies
// count where there is anybody to stand in for.
func (c *Council) listed(team audit.People, role audit.Role) []audit.PersonID {
	who := slices.Concat(team.Of(role), c.council.Of(role))
	if len(who) == 0 {
		return nil
	}
	for _, d := range c.deputies {
		if d.Role == role {
			who = append(who, d.Person)
		}
	}
	return who
}

// mistake makes one at a name in a column of a file's line.
func (c *Caseload) mistake(f File, column, name, message string) source.Mistake {
	at := f.at[column]
	m := csvMistake(c.name, c.lines, at.line, at.column, message)
	runes := []rune(m.Text)
	if at.column >= 1 && at.column <= len(runes) {
		if before, _, found := strings.Cut(string(runes[at.column-1:]), name); found {
			m.Column += len([]rune(before))
		}
	}
	return m
}

func didYouMean(word string, known []string) string {
	if near := source.Nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// oneOf is the right spelling nearby, or what there is to choose from.
func oneOf[S ~string](word string, known []S) string {
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	if near := didYouMean(word, words); near != "" {
		return near
	}
	if len(words) == 0 || len(words) > 20 {
		return ""
	}
	return "; there is " + strings.Join(words, ", ")
}

// keys says which keys of an entry a refusal by a rule is about; the first that
// is there is meant. "by" and "at" are who did it and when, wherever the file
// says so.
var keys = map[string][]string{
	"role":       {"by"},
	"separation": {"person", "by"},
	"auditor":    {"person"},
	"moderator":  {"person"},
	"phase":      {"do"},
	"eligible":   {"at"},
	"start":      {"at"},
	"time":       {"at"},
	"discussion": {"at"},
	"notice":     {"notice"},
	"stream":     {"of", "do"},
	"action":     {"action", "id", "do"},
	"actions":    {"do"},
	"held":       {"held"},
	"date":       {"due", "agreed"},
	"agreed":     {"person", "agreed"},
	"evidence":   {"text"},
	"plan":       {"text"},
	"comments":   {"text"},
	"impact":     {"text"},
	"standard":   {"text"},
	"grade":      {"grade"},
	"limit":      {"grade"},
	"rationale":  {"rationale"},
	"meeting":    {"with"},
}

// Mistake makes a mistake at what an entry says about a rule of [audit.Refusal],
// "role" or "notice"; at the entry itself if it says nothing about it.
func (s Step) Mistake(rule, message string) rubric.Mistake {
	kind, _, _ := strings.Cut(rule, ".")
	for _, key := range keys[kind] {
		n := s.entry.node.Field(key)
		switch {
		case key == "by" && s.entry.who != nil:
			n = s.entry.who
		case key == "at" && s.entry.when != nil:
			n = s.entry.when
		}
		if n != nil {
			return n.Mistake("%s", message)
		}
	}
	return s.entry.node.KeyMistake("%s", message)
}

// Refused says where the file stands what is wrong with a step whose command
// came back with an error: every reason of a refusal in its own place, with the
// name that was probably meant among those who are known.
func (s Step) Refused(err error, known []audit.PersonID) rubric.Mistakes {
	var reasons audit.Refusals
	var one *audit.Refusal
	switch {
	case errors.As(err, &reasons):
	case errors.As(err, &one):
		reasons = audit.Refusals{one}
	default:
		return rubric.Mistakes{s.Mistake("", err.Error())}
	}
	var ms rubric.Mistakes
	for _, r := range reasons {
		message := r.Error()
		if r.Rule == "role" && !slices.Contains(known, s.By) {
			message += didYouMean(string(s.By), names(append(slices.Clone(r.People), known...)))
		}
		ms = append(ms, s.Mistake(r.Rule, message))
	}
	return ms
}

func names(who []audit.PersonID) []string {
	all := make([]string, len(who))
	for i, p := range who {
		all[i] = string(p)
	}
	return all
}
