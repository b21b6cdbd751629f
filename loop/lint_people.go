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
	{[]string{audit.Start{}.Name()}, []audit.Role{audit.RoleAuditor, audit.RoleModerator}, "nobody holds it before the audit starts"},
	{[]string{audit.Reflect{}.Name()}, []audit.Role{audit.RoleAuditor, audit.RoleModerator}, "the reflection is the practitioner's, who neither audits nor moderates the file"},
	{[]string{moderation.Allocate{}.Name()}, []audit.Role{audit.RoleModerator}, "nobody holds it before the moderation is allocated"},
	{[]string{moderation.Amend{}.Name(), moderation.Judge{}.Name(), moderation.AddAction{}.Name(), moderation.Finalise{}.Name()},
		[]audit.Role{audit.RoleAuditor, audit.RolePractitioner}, "who audits the file or works with the child does not moderate it"},
	{[]string{moderation.Check{}.Name(), moderation.Comment{}.Name(), moderation.Settle{}.Name()},
		[]audit.Role{audit.RoleAuditor, audit.RolePractitioner, audit.RoleModerator}, "nobody checks, settles or comments on their own work"},
	{[]string{ConfirmAction{}.Name(), CloseLoop{}.Name()}, []audit.Role{audit.RoleModerator}, "who moderated an audit does not confirm its actions or close its loop"},
}

// given finds the commands that nobody can give.
func (l *linter) given() {
	for _, rule := range apart {
		for _, command := range rule.commands {
			may := l.May[command]
			if len(may) > 0 && !slices.ContainsFunc(may, func(r audit.Role) bool { return !slices.Contains(rule.roles, r) }) {
				l.nobodyCan(command, "only the %s may give the command %s, and cannot: %s; add another role", titles(may), command, rule.because)
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
		l.nobodyCan(ConfirmAction{}.Name(), "only the %s confirms an action and may also complete it, and nobody confirms what they completed themselves; add another role", confirm[0].Title())
	}
}

// judged: finalising needs the judgement of each of those who judge.
func (l *linter) judged() {
	command := audit.Judge{}.Name()
	for _, r := range l.judges() {
		if !slices.Contains(l.May[command], r) {
			l.nobodyCan(command, "finalising an audit needs the judgements of the %s, who may not judge; add %s", r.Title(), r)
		}
	}
}

func (p *Policy) judges() []audit.Role {
	judges := []audit.Role{audit.RoleAuditor}
	if p.Audit.PractitionerJudges {
		judges = append(judges, audit.RolePractitioner)
	}
	return judges
}

// withdrawal: after an Inadequate finding or a concern one of two proposes it, and
// the other agrees.
func (l *linter) withdrawal() {
	propose, agree := Withdraw{}.Name(), AgreeWithdrawal{}.Name()
	if !slices.ContainsFunc(together, func(r audit.Role) bool { return slices.Contains(l.May[propose], r) }) {
		l.nobodyCan(propose, "after an Inadequate finding or a concern only the %s withdraw an audit, and neither may; add one of them", titles(together))
		return
	}
	for i, r := range together {
		if other := together[1-i]; slices.Contains(l.May[propose], r) && !slices.Contains(l.May[agree], other) {
			l.nobodyCan(agree, "what the %s proposes to withdraw the %s has to agree to, who may not; add %s", r.Title(), other.Title(), other)
			return
		}
	}
}

// unheld are the roles that a policy gives to nobody.
func (l *linter) unheld() []audit.Role { return nil }

// held finds the roles that nobody holds, where the policy counts on them.
func (l *linter) held() {
	for _, r := range l.unheld() {
		for _, command := range slices.Sorted(maps.Keys(l.May)) {
			if slices.Contains(l.May[command], r) {
				l.find(RoleNobodyHolds, "may."+command, "nobody ever is the %s in this process; take %s out", r.Title(), r)
			}
		}
		for _, t := range Topics() {
			if slices.Contains(l.Notices[t].Tell, r) {
				l.find(RoleNobodyHolds, fmt.Sprintf("notices.%s.tell", t), "nobody ever is the %s in this process; take %s out", r.Title(), r)
			}
		}
	}
}

// titles are roles as people say them, "auditor or practitioner".
func titles(roles []audit.Role) string {
	said := make([]string, len(roles))
	for i, r := range roles {
		said[i] = r.Title()
	}
	return strings.Join(said, " or ")
}
