package loop

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/cycle"
	"github.com/practiceaudit/practiceaudit/internal/source"
	"github.com/practiceaudit/practiceaudit/moderation"
	"github.com/practiceaudit/practiceaudit/rubric"
	"github.com/practiceaudit/practiceaudit/schemas"
)

// checkPolicy holds a file to the schema.
var checkPolicy = source.Against(schemas.ProcessPolicy)

// ParsePolicy reads a process policy from YAML or JSON. The error is a
// rubric.Mistakes with everything that is wrong, each in its place.
func ParsePolicy(file string, src []byte) (*Policy, error) {
	root, mistakes := source.Parse(file, src)
	if len(mistakes) > 0 {
		return nil, mistakes.Err()
	}
	if mistakes = source.AnotherKind(root, source.Policy); len(mistakes) > 0 {
		return nil, mistakes
	}
	r := policyReader{root: root}
	p := r.policy()
	if err := checkPolicy(root).With(r.mistakes).Err(); err != nil {
		return nil, err
	}
	var err error
	if p.canonical, err = json.Marshal(plain(root)); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(p.canonical)
	p.digest = Digest("sha256:" + hex.EncodeToString(sum[:]))
	return p, nil
}

// IsPolicy reports whether a file is a process policy and not, as a rubric, of
// another kind. It may have mistakes.
func IsPolicy(src []byte) bool {
	root, _ := source.Parse("", src)
	return root.Field("clocks") != nil
}

// policyReader gathers what the schema cannot say.
type policyReader struct {
	root     *source.Node
	mistakes source.Mistakes
}

func (r *policyReader) wrong(m source.Mistake) { r.mistakes = append(r.mistakes, m) }

func (r *policyReader) policy() *Policy {
	clocks := r.root.Field("clocks")
	p := &Policy{
		ID:       r.root.Text("process"),
		Version:  r.root.Text("version"),
		Title:    r.root.Text("title"),
		ReviewBy: r.date(r.root.Field("review_by")),
		root:     r.root,
		Audit: audit.Policy{
			OpenFor:      r.period(r.root.Field("select").Field("open_for"), calendar.Days, calendar.Weeks, calendar.Months),
			StartDay:     r.number(r.root.Field("start").Field("day")),
			StartRoll:    r.roll(r.root.Field("start").Field("roll")),
			Focus:        r.period(r.root.Field("focus"), calendar.Days, calendar.Weeks, calendar.Months),
			Audit:        r.clock(clocks.Field("audit")),
			Actions:      r.clock(clocks.Field("actions")),
			AlsoJudge:    roles(r.root.Field("also_judge")),
			ClosureAudit: r.root.Text("closure_audit") == "all",
			JudgeFirst:   r.root.True("judge_first"),
			CarryFixed:   r.root.True("carry_fixed"),
		},
		Moderation: moderation.Policy{
			Moderation: r.clock(clocks.Field("moderation")),
			Check:      r.clock(clocks.Field("check")),
			Standard:   r.clock(clocks.Field("standard")),
		},
		Tracker:   r.clock(clocks.Field("tracker")),
		ReAudit:   r.clock(clocks.Field("re_audit")),
		DipSample: r.clock(clocks.Field("dip_sample")),
		Sample:    oneIn(r.root.Text("dip_sample")),
		Hour:      9,
		EveryDay:  r.root.Text("send_on") == "every_day",
		Steps:     map[string][]Step{},
		Ladders:   map[string][]Rung{},
		Notices:   map[Topic]Text{},
	}
	if hour, _, ok := strings.Cut(r.root.Text("send_at"), ":"); ok {
		p.Hour, _ = strconv.Atoi(hour)
	}
	for _, q := range r.root.Field("reflection").Each() {
		p.Audit.Reflection = append(p.Audit.Reflection, audit.Question{ID: q.Text("id"), Text: q.Text("text")})
	}
	for _, f := range r.root.Field("feedback").Each() {
		p.Audit.FeedbackSources = append(p.Audit.FeedbackSources, f.Scalar())
	}
	for _, g := range r.root.Field("findings").Each() {
		p.Findings = append(p.Findings, rubric.Grade(g.Scalar()))
	}
	for _, n := range r.root.Field("titles").Entries() {
		if p.Audit.Titles == nil {
			p.Audit.Titles = audit.Titles{}
		}
		p.Audit.Titles[audit.Role(n.Key)] = n.Scalar()
	}
	r.kinds(p)
	r.steps(p, clocks)
	r.ladders(p)
	r.may(p)
	r.notices(p)
	r.cycle(p)
	return p
}

// kinds reads which audits are moderated: a deep dive always is (QA framework,
// The Moderation Process: "All deep dive audits will be moderated").
func (r *policyReader) kinds(p *Policy) {
	moderated := r.root.Field("moderated")
	for _, k := range moderated.Each() {
		p.Moderation.Kinds = append(p.Moderation.Kinds, audit.Kind(k.Scalar()))
	}
	if !slices.Contains(p.Moderation.Kinds, audit.DeepDive) {
		r.wrong(moderated.Mistake("deep dive audits are always moderated: add deep_dive"))
	}
}

func (r *policyReader) period(n *source.Node, units ...calendar.Unit) calendar.Period {
	p, err := calendar.ParsePeriod(n.Scalar())
	switch {
	case n == nil:
	case err != nil:
		r.wrong(n.Mistake("%s", err))
	case len(units) > 0 && !slices.Contains(units, p.Unit()):
		words := make([]string, len(units))
		for i, u := range units {
			words[i] = u.String()
		}
		r.wrong(n.Mistake("this period is counted in %s, not in %s", strings.Join(words, " or "), p.Unit()))
	}
	return p
}

func (r *policyReader) date(n *source.Node) calendar.Date {
	if n == nil {
		return calendar.Date{}
	}
	d, err := calendar.ParseDate(n.Scalar())
	if err != nil {
		r.wrong(n.Mistake("%s", err))
	}
	return d
}

func (r *policyReader) number(n *source.Node) int {
	v, err := strconv.Atoi(n.Scalar())
	if err != nil {
		r.wrong(n.Mistake("this is a whole number"))
	}
	return v
}

func (r *policyReader) roll(n *source.Node) calendar.Roll {
	var roll calendar.Roll
	if n == nil {
		return roll
	}
	if err := roll.UnmarshalText([]byte(n.Scalar())); err != nil {
		r.wrong(n.Mistake("%s", err))
	}
	return roll
}

func (r *policyReader) clock(n *source.Node) audit.Clock {
	return audit.Clock{Period: r.period(n.Field("within")), Roll: r.roll(n.Field("roll"))}
}

func (r *policyReader) steps(p *Policy, clocks *source.Node) {
	for _, c := range clocks.Entries() {
		for _, n := range c.Field("remind").Each() {
			p.Steps[c.Key] = append(p.Steps[c.Key], Step{
				Before: r.period(n.Field("before"), calendar.Days, calendar.WorkingDays, calendar.Weeks), Tell: r.told(c, n),
			})
		}
		for _, n := range c.Field("escalate").Each() {
			p.Steps[c.Key] = append(p.Steps[c.Key], Step{
				After: r.period(n.Field("after"), calendar.Days, calendar.WorkingDays, calendar.Weeks), Tell: r.told(c, n),
			})
		}
	}
}

// told reads whom a step of a clock tells. An action has an owner, who always
// is; any other step that named nobody would never be over.
func (r *policyReader) told(clock, step *source.Node) []audit.Role {
	n := step.Field("tell")
	tell := roles(n)
	if n != nil && len(tell) == 0 && clock.Key != ClockActions {
		r.wrong(n.Mistake("this step tells nobody: name a role"))
	}
	return tell
}

// ladders reads the ladders. Each is finite; its rungs go up, and tell somebody.
func (r *policyReader) ladders(p *Policy) {
	for _, ladder := range r.root.Field("ladders").Entries() {
		last := 0
		for _, n := range ladder.Each() {
			rung := Rung{After: r.period(n.Field("after"), calendar.Hours), Tell: roles(n.Field("tell")), Deputies: n.True("deputies")}
			if rung.After.N() <= last {
				r.wrong(n.Field("after").Mistake("the rungs of a ladder go up: write more than %d hours", last))
			}
			if len(rung.Tell) == 0 {
				r.wrong(n.Field("tell").Mistake("this rung tells nobody: name a role"))
			}
			last = max(last, rung.After.N())
			p.Ladders[ladder.Key] = append(p.Ladders[ladder.Key], rung)
		}
	}
}

// may reads who may give each command. Every command has its line, so that
// nobody is shut out by a slip of the pen.
func (r *policyReader) may(p *Policy) {
	n := r.root.Field("may")
	all := slices.Concat(commandNames(), cycle.Commands())
	may := map[string][]audit.Role{}
	for _, f := range n.Entries() {
		if !slices.Contains(all, f.Key) {
			r.wrong(f.KeyMistake("%s", unknown("command", f.Key, all)))
			continue
		}
		may[f.Key] = roles(f)
		if len(may[f.Key]) == 0 {
			r.wrong(f.KeyMistake("nobody may give the command %s: name a role", f.Key))
		}
		if f.Key == (AgreeWithdrawal{}).Name() && len(slices.Compact(slices.Sorted(slices.Values(may[f.Key])))) == 1 {
			r.wrong(f.Mistake("two people in different roles withdraw a file after an Inadequate finding: name two roles or more"))
		}
		for _, role := range may[f.Key] {
			if slices.Contains(cycle.Commands(), f.Key) && !role.OfCouncil() {
				r.wrong(f.Mistake("a cycle belongs to no case, so it has no %s: name roles of the council, such as qa_team", role.Title()))
			}
			if f.Key == (audit.Select{}).Name() && !role.OfCouncil() {
				r.wrong(f.Mistake("a file has no %s before it is selected: name roles of the council, such as qa_team", role.Title()))
			}
		}
	}
	for _, name := range all {
		if n.Field(name) == nil {
			r.wrong(n.KeyMistake("it is not said who may give the command %s", name))
		}
	}
	p.May, p.Audit.May, p.Moderation.May = may, may, may
}

// commandNames are the commands that a policy gives to roles: all but those
// that anyone may give.
func commandNames() []string {
	return []string{
		audit.Select{}.Name(), audit.Start{}.Name(), audit.Reflect{}.Name(), audit.Meet{}.Name(), audit.Answer{}.Name(),
		audit.Judge{}.Name(), audit.SeeSuggestion{}.Name(), audit.RecordFeedback{}.Name(), audit.AddAction{}.Name(), audit.Finalise{}.Name(),
		audit.Correct{}.Name(), audit.CorrectCase{}.Name(), audit.Reopen{}.Name(), audit.Extend{}.Name(), audit.Reassign{}.Name(),
		audit.AppointDeputy{}.Name(), audit.Restrict{}.Name(), audit.LinkHousehold{}.Name(), audit.Renumber{}.Name(),
		moderation.Allocate{}.Name(), moderation.Discuss{}.Name(), moderation.Amend{}.Name(), moderation.Judge{}.Name(),
		moderation.SeeSuggestion{}.Name(), moderation.SeeAuditorGrade{}.Name(), moderation.AddAction{}.Name(),
		moderation.Finalise{}.Name(), moderation.Disagree{}.Name(), moderation.Settle{}.Name(), moderation.Check{}.Name(),
		moderation.Comment{}.Name(), moderation.Extend{}.Name(), moderation.Reassign{}.Name(), moderation.Reopen{}.Name(),
		RecordPlan{}.Name(), SendTracker{}.Name(), CompleteAction{}.Name(), ConfirmAction{}.Name(),
		AgreeDate{}.Name(), ReflectInSupervision{}.Name(), CloseLoop{}.Name(), ReviewDipSample{}.Name(),
		AskAdvice{}.Name(), GiveAdvice{}.Name(), Suspend{}.Name(), Resume{}.Name(), Withdraw{}.Name(),
		AgreeWithdrawal{}.Name(), CancelFollowUp{}.Name(),
		Migrate{}.Name(), ChooseDipSample{}.Name(),
	}
}

// must are those who are told by law of the framework, whatever a council adds.
var must = map[Topic][]audit.Role{
	TopicConcern:              {audit.RoleDivisionalManager, audit.RoleTeamManager, audit.RoleDirector},
	TopicInadequateAudit:      {audit.RoleDivisionalManager, audit.RoleDirector},
	TopicInadequateModeration: {audit.RoleDivisionalManager},
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

func (r *policyReader) notices(p *Policy) {
	n := r.root.Field("notices")
	var topics []string
	for _, t := range Topics() {
		topics = append(topics, string(t))
	}
	for _, f := range n.Entries() {
		topic := Topic(f.Key)
		if !slices.Contains(topics, f.Key) {
			r.wrong(f.KeyMistake("%s", unknown("notice", f.Key, topics)))
			continue
		}
		text := Text{Tell: roles(f.Field("tell")), Critical: f.True("critical"), Subject: f.Text("subject"), Body: f.Text("body")}
		for _, role := range must[topic] {
			if !slices.Contains(text.Tell, role) {
				r.wrong(f.Field("tell").Mistake("the %s is always told of this: add %s", role.Title(), role))
			}
		}
		r.words(f.Field("subject"))
		r.words(f.Field("body"))
		p.Notices[topic] = text
	}
	for _, t := range topics {
		if n.Field(t) == nil {
			r.wrong(n.KeyMistake("the notice %s is missing", t))
		}
	}
}

func (r *policyReader) words(n *source.Node) {
	for _, word := range placeholder.FindAllString(n.Scalar(), -1) {
		if name := strings.Trim(word, "{}"); !slices.Contains(Placeholders(), name) {
			r.wrong(n.Mistake("%s", unknown("placeholder", name, Placeholders())))
		}
	}
}

func roles(n *source.Node) []audit.Role {
	var out []audit.Role
	for _, item := range n.Each() {
		out = append(out, audit.Role(item.Scalar()))
	}
	return out
}

func unknown(what, word string, known []string) string {
	if near := source.Nearest(word, known); near != "" {
		return fmt.Sprintf("there is no %s %q; did you mean %q?", what, word, near)
	}
	return fmt.Sprintf("there is no %s %q; one of %s", what, word, strings.Join(known, ", "))
}

// plain is a node as JSON has it.
func plain(n *source.Node) any {
	switch n.Kind {
	case source.Mapping:
		m := make(map[string]any, len(n.Fields))
		for _, f := range n.Fields {
			m[f.Key] = plain(f)
		}
		return m
	case source.List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = plain(item)
		}
		return list
	case source.Number:
		return json.Number(n.Value)
	case source.Bool:
		return n.Value == "true"
	case source.Null:
		return nil
	}
	return n.Value
}
