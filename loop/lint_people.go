package loop

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// apart says which roles cannot give a command, whoever holds them: what the core's
// separation of duties comes to.
var apart = []struct {
	commands []string
	roles    []audit.Role
	because  string
}{
	{[]string{audit.Start{}.Name()}, []audit.Role{audit.RoleAuditor, audit.RolePeerReviewer, audit.RoleModerator}, "nobody holds it before the audit starts"},
	{[]string{audit.Reflect{}.Name()}, []audit.Role{audit.RoleAuditor, audit.RolePeerReviewer, audit.RoleModerator}, "the reflection is the practitioner's, who neither audits nor moderates the file"},
	{[]string{moderation.Allocate{}.Name()}, []audit.Role{audit.RoleModerator}, "nobody holds it before the moderation is allocated"},
	{[]string{moderation.Amend{}.Name(), moderation.Judge{}.Name(), moderation.AddAction{}.Name(), moderation.Finalise{}.Name()},
		[]audit.Role{audit.RoleAuditor, audit.RolePeerReviewer, audit.RolePractitioner}, "who audits the file or works with the child does not moderate it"},
	{[]string{moderation.Check{}.Name(), moderation.Comment{}.Name(), moderation.Settle{}.Name()},
		[]audit.Role{audit.RoleAuditor, audit.RolePeerReviewer, audit.RolePractitioner, audit.RoleModerator}, "nobody checks, settles or comments on their own work"},
	{[]string{ConfirmAction{}.Name(), CloseLoop{}.Name()}, []audit.Role{audit.RoleModerator}, "who moderated an audit does not confirm its actions or close its loop"},
}

// given finds the commands that nobody can give.
func (l *linter) given() {
	for _, rule := range apart {
		for _, command := range rule.commands {
			may := l.May[command]
			if len(may) > 0 && !slices.ContainsFunc(may, func(r audit.Role) bool { return !slices.Contains(rule.roles, r) }) {
				l.nobodyCan(command, "only the %s may give the command %s, and cannot: %s; add another role", l.titles(may), command, rule.because)
			}
		}
	}
	l.confirmed()
	l.judged()
	l.withdrawal()
}

func (l *linter) nobodyCan(command, format string, args ...any) {
	l.find(NobodyCan, "may."+command, format, args...)
}

// confirmed: whoever completed an action does not confirm it.
func (l *linter) confirmed() {
	confirm := slices.DeleteFunc(slices.Clone(l.May[ConfirmAction{}.Name()]), func(r audit.Role) bool { return r == audit.RoleModerator })
	if len(confirm) == 1 && slices.Contains(l.May[CompleteAction{}.Name()], confirm[0]) {
		l.nobodyCan(ConfirmAction{}.Name(), "only the %s confirms an action and may also complete it, and nobody confirms what they completed themselves; add another role", l.title(confirm[0]))
	}
}

// judged: finalising needs the judgement of each of those who judge.
func (l *linter) judged() {
	command := audit.Judge{}.Name()
	for _, r := range l.judges() {
		if !slices.Contains(l.May[command], r) {
			l.nobodyCan(command, "finalising an audit needs the judgements of the %s, who may not judge; add %s", l.title(r), r)
		}
	}
}

func (p *Policy) judges() []audit.Role {
	return append([]audit.Role{audit.RoleAuditor}, p.Audit.AlsoJudge...)
}

// withdrawal: after an Inadequate finding or a concern one of those who agree proposes
// it.
func (l *linter) withdrawal() {
	propose, together := Withdraw{}.Name(), l.together()
	if !slices.ContainsFunc(together, func(r audit.Role) bool { return slices.Contains(l.May[propose], r) }) {
		l.nobodyCan(propose, "after an Inadequate finding or a concern only the %s withdraw an audit, and none of them may; add one of them", l.titles(together))
	}
}

// held finds where the policy counts on a role that nobody holds: that of a peer
// reviewer, whom only a policy brings in under also_judge.
func (l *linter) held() {
	if l.Audit.PeerReviewed() {
		return
	}
	nobody := func(at string, tell []audit.Role) {
		if r := audit.RolePeerReviewer; slices.Contains(tell, r) {
			l.find(RoleNobodyHolds, at, "nobody ever is the %s in this process; take %s out, or write it under also_judge", l.title(r), r)
		}
	}
	for _, command := range slices.Sorted(maps.Keys(l.May)) {
		nobody("may."+command, l.May[command])
	}
	for _, t := range Topics() {
		nobody(fmt.Sprintf("notices.%s.tell", t), l.Notices[t].Tell)
	}
	for _, name := range l.clockNames() {
		for i, st := range l.before(name) {
			nobody(fmt.Sprintf("clocks.%s.remind.%d", name, i+1), st.Tell)
		}
		for i, st := range l.after(name) {
			nobody(fmt.Sprintf("clocks.%s.escalate.%d", name, i+1), st.Tell)
		}
	}
	for _, name := range []string{LadderAcknowledge, LadderPlan} {
		for i, rung := range l.Ladders[name] {
			nobody(fmt.Sprintf("ladders.%s.%d", name, i+1), rung.Tell)
		}
	}
}

func (l *linter) title(r audit.Role) string { return l.Audit.Titles.Of(r) }

// entitled finds two roles that one title would be said of.
func (l *linter) entitled() {
	for _, n := range l.root.Field("titles").Entries() {
		for _, other := range audit.Roles() {
			if r := audit.Role(n.Key); other != r && l.title(other) == l.title(r) {
				l.find(SameTitle, "titles."+n.Key, "%s and %s are both called %q: nobody could tell which is meant; give one another title", r, other, l.title(r))
				break
			}
		}
	}
}

// titles are roles as people say them, "auditor or practitioner".
func (l *linter) titles(roles []audit.Role) string {
	said := make([]string, len(roles))
	for i, r := range roles {
		said[i] = l.title(r)
	}
	return strings.Join(said, " or ")
}
