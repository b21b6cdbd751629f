package loop_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/calendar"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/loop/looptest"
	"github.com/practiceaudit/practiceaudit/rubric/halton"
)

// A script of testdata/scenarios tells what happens to a file in steps that a QA
// manager can read; testdata/scenarios/README.md says which steps there are. Each is
// played here over loop.Plan and a store in memory.
func TestScenarios(t *testing.T) {
	for _, file := range scenarioFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			play(t, file)
		})
	}
}

// Each row of REQUIREMENTS §3 has a script, in which something is accepted and
// something refused, or told and not told.
func TestEveryRowHasAScenario(t *testing.T) {
	var names []string
	for _, file := range scenarioFiles(t) {
		names = append(names, filepath.Base(file))
	}
	for _, row := range []string{"00", "01", "02", "03", "04", "05", "06", "07", "07b", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18"} {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, row+"-") }) {
			t.Errorf("row %s has no script: testdata/scenarios/%s-….txt is missing", row, row)
		}
	}
}

func TestAScenarioThatDoesNotGoAsItSaysIsSaidToBe(t *testing.T) {
	for _, tc := range []struct{ script, want string }{
		{"qa: start auditor=auditor", `line 2: qa may not start: phase`},
		{"refused by phase", "line 2: nothing was given that could be refused"},
		{"begin with selected\nqa: ask_advice question=\"?\"\nrefused by role", "line 4: ask_advice was accepted"},
		{"qa: start auditor=auditor\nrefused by role", "line 3: start was refused by phase, not by role"},
		{"begin with selected\ntold of allocated: auditor", "line 3: of allocated nobody was told, not auditor"},
		{"begin with selected\ndue: audit 1 May 2026", "line 3: the clock audit does not run"},
		{"begin with selected\nthen Audit.Phase is started", "line 3: Audit.Phase is selected, not started"},
		{"begin with selected\nthen Audit.Fase is started", "line 3: there is no Audit.Fase"},
		{"begin with selected\nthen Notices has 99", "line 3: Notices has "},
		{"qa: begin_something", `line 2: there is no command "begin_something"`},
		{"qa: select colour=red", `line 2: select has no colour`},
		{"on the first of May", `line 2: "the first of May" is no moment`},
		{"perhaps", `line 2: "perhaps" is no step`},
		{"begin with nothing", "line 2: "},
		{`from now on the policy says "x", not "nothing of the kind"`, `line 2: the policy does not say "nothing of the kind"`},
		{"in the re-audit", "line 2: no re-audit is planned"},
	} {
		s := newScenario(t)
		err := s.play("script.txt", "on 1 April 2026 at 10:00\n"+tc.script)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s\n\tsaid %v, want %s", tc.script, err, tc.want)
		}
	}
}

func scenarioFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	return files
}

// play plays a script and returns how it ended.
func play(t testing.TB, file string) *scenario {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newScenario(t)
	if err := s.play(filepath.Base(file), string(src)); err != nil {
		t.Fatal(err)
	}
	return s
}

// scenario is a script being played.
type scenario struct {
	at       string // the step
	store    *loop.MemoryStore
	engine   *loop.Engine
	now      time.Time
	stream   loop.StreamID
	commands int
	seen     loop.Position // the last record before the step whose notices are told
	given    string        // the command of the step before, and what came of it
	err      error
	saw      func(command string, before, after loop.State) // told of every command that is accepted, if set
}

func newScenario(t testing.TB) *scenario {
	s := &scenario{store: loop.NewMemoryStore(), stream: "file-1"}
	s.engine = &loop.Engine{Store: s.store, Notifier: &looptest.Notifier{}, Env: smallEnv(t), Now: func() time.Time { return s.now }}
	return s
}

// steps are the ways in which a step begins, and what it does with the rest.
var steps []step

type step struct {
	begins *regexp.Regexp
	do     func(s *scenario, of []string) error
}

func init() {
	steps = []step{
		{regexp.MustCompile(`^begin with (.+)$`), (*scenario).beginWith},
		{regexp.MustCompile(`^(?:on|wait until) (.+)$`), (*scenario).waitUntil},
		{regexp.MustCompile(`^in (?:the )?(.+)$`), (*scenario).in},
		{regexp.MustCompile(`^from now on the policy says "(.+)", not "(.+)"$`), (*scenario).policySays},
		{regexp.MustCompile(`^refused by (.+)$`), (*scenario).refusedBy},
		{regexp.MustCompile(`^told of (\w+): (.+)$`), (*scenario).toldOf},
		{regexp.MustCompile(`^due: (\w+)(?: of (\w+))? (\d+ \w+ \d+)$`), (*scenario).due},
		{regexp.MustCompile(`^not due: (\w+)(?: of (\w+))?$`), (*scenario).notDue},
		{regexp.MustCompile(`^then (\S+) is (.*)$`), (*scenario).thenIs},
		{regexp.MustCompile(`^then (\S+) has (\d+)$`), (*scenario).thenHas},
		{regexp.MustCompile(`^([a-z]+): (\w+)(?: (.*))?$`), (*scenario).give},
	}
}

// play plays the steps of a script. A line that begins with space goes on with the
// step before it.
func (s *scenario) play(file, script string) error {
	lines := strings.Split(script, "\n")
	for i := 0; i < len(lines); i++ {
		line, at := lines[i], i+1
		for i+1 < len(lines) && strings.HasPrefix(lines[i+1], " ") {
			i++
			line += " " + strings.TrimSpace(lines[i])
		}
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if s.err != nil && !strings.HasPrefix(line, "refused by") {
			return s.unmentioned()
		}
		s.at = fmt.Sprintf("%s, line %d", file, at)
		if err := s.step(line); err != nil {
			return err
		}
	}
	return s.unmentioned()
}

func (s *scenario) step(line string) error {
	for _, st := range steps {
		of := st.begins.FindStringSubmatch(line)
		if of == nil {
			continue
		}
		at := s.at
		err := st.do(s, of[1:])
		var placed *misplaced
		if err != nil && !errors.As(err, &placed) {
			return &misplaced{at, err}
		}
		return err
	}
	return &misplaced{s.at, fmt.Errorf("%q is no step", line)}
}

// misplaced says where a script does not go as it says.
type misplaced struct {
	at  string
	err error
}

func (e *misplaced) Error() string { return e.at + ": " + e.err.Error() }
func (e *misplaced) Unwrap() error { return e.err }

// unmentioned is the refusal of the step before, if no step says that it is refused.
func (s *scenario) unmentioned() error {
	if s.err == nil {
		return nil
	}
	return &misplaced{s.at, fmt.Errorf("%s: %s\n\t%w", s.given, strings.Join(refusingRules(s.err), ", "), s.err)}
}

func (s *scenario) beginWith(of []string) error {
	file := "testdata/scenarios/parts/" + of[0] + ".txt"
	src, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return s.play(filepath.Base(file), string(src))
}

// waitUntil moves the clock on; whatever is due meanwhile is done at its moment.
func (s *scenario) waitUntil(of []string) error {
	var at time.Time
	var err error
	for _, layout := range []string{"2 January 2006 at 15:04", "2 January 2006"} {
		if at, err = time.ParseInLocation(layout, of[0], calendar.London()); err == nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%q is no moment: write 7 May 2026 at 09:30", of[0])
	}
	if at.Before(s.now) {
		return fmt.Errorf("it is %s already", s.now.Format("2 January 2006 at 15:04"))
	}
	s.mark("")
	for {
		due, err := s.store.Due(context.Background(), at, 1)
		if err != nil {
			return err
		}
		if len(due) == 0 {
			break
		}
		s.now = due[0].At
		if _, err := s.engine.Tick(context.Background()); err != nil {
			return err
		}
	}
	s.now = at
	_, err = s.engine.Tick(context.Background())
	return err
}

// mark makes what is told from here on what the next steps ask for.
func (s *scenario) mark(given string) {
	s.given, s.err = given, nil
	for r := range s.store.Feed(context.Background(), s.seen) {
		s.seen = r.Position
	}
}

// policySays puts another process policy in force, for audits that start, or migrate,
// from then on.
func (s *scenario) policySays(of []string) error {
	src := string(halton.ProcessPolicy())
	if !strings.Contains(src, of[1]) {
		return fmt.Errorf("the policy does not say %q", of[1])
	}
	policy, err := loop.ParsePolicy("policy.yaml", []byte(strings.Replace(src, of[1], of[0], 1)))
	if err != nil {
		return err
	}
	s.engine.Env.Policy = policy
	return nil
}

// in goes to another stream: a follow-up of the present one, its origin, or a file
// of its own.
func (s *scenario) in(of []string) error {
	state, err := s.state()
	if err != nil {
		return err
	}
	kinds := map[string]audit.Kind{"re-audit": audit.DeepDive, "dip sample": audit.DipSample}
	kind, follows := kinds[of[0]]
	f, planned := state.FollowUp(kind)
	switch {
	case follows && !planned:
		return fmt.Errorf("no %s is planned", of[0])
	case follows:
		s.stream = f.Stream
	case of[0] == "audit before" && state.Audit.Origin != nil:
		s.stream = loop.StreamID(state.Audit.Origin.Stream)
	default:
		s.stream = loop.StreamID(strings.ReplaceAll(of[0], " ", "-"))
	}
	return nil
}

func (s *scenario) state() (loop.State, error) {
	return s.engine.State(context.Background(), s.stream)
}

// give gives a command; the step after it says if it is refused.
func (s *scenario) give(of []string) error {
	who, name, words := audit.PersonID(of[0]), of[1], of[2]
	t, ok := commandTypes[name]
	if !ok {
		return fmt.Errorf("there is no command %q", name)
	}
	c := reflect.New(t)
	if err := s.fill(c, name, words); err != nil {
		return err
	}
	s.commands++
	c.Elem().FieldByName("Header").Set(reflect.ValueOf(audit.Header{
		ID: audit.CommandID(fmt.Sprintf("c%d", s.commands)), At: s.now, Actor: who, Roles: councilRoles[who],
	}))
	s.mark(fmt.Sprintf("%s may not %s", who, name))
	before, err := s.state()
	if err != nil {
		return err
	}
	if _, s.err = s.engine.Do(context.Background(), s.stream, c.Elem().Interface().(loop.Command)); s.err != nil || s.saw == nil {
		return nil
	}
	after, err := s.state()
	s.saw(name, before, after)
	return err
}

// fill reads what a command says, as JSON or as name=value, where a name may go down
// with dots; a notice is named by its topic and whom it went to, and the process
// policy that is in force as that.
func (s *scenario) fill(c reflect.Value, name, words string) error {
	if strings.HasPrefix(words, "{") {
		return json.Unmarshal([]byte(words), c.Interface())
	}
	for _, m := range assignment.FindAllStringSubmatch(words, -1) {
		value := strings.Trim(m[2], `"`)
		if topic, role, ok := strings.Cut(value, " to "); ok && m[1] == "notice" {
			value = s.notice(topic, role)
		}
		if value == "in_force" && m[1] == "policy" {
			value = string(s.engine.Env.Policy.Digest())
		}
		if err := set(c.Elem(), strings.Split(m[1], "."), value); err != nil {
			return fmt.Errorf("%s has no %s: %w", name, m[1], err)
		}
	}
	if rest := strings.TrimSpace(assignment.ReplaceAllString(words, "")); rest != "" {
		return fmt.Errorf("%s: %q is not name=value", name, rest)
	}
	return nil
}

var assignment = regexp.MustCompile(`([\w.]+)=("[^"]*"|\[[^\]]*\]|\S+)`)

// notice is the id of the latest notice of a topic to a role.
func (s *scenario) notice(topic, role string) string {
	state, _ := s.state()
	for _, n := range slices.Backward(state.Notices) {
		if string(n.Topic) == topic && string(n.To.Role) == role {
			return string(n.ID)
		}
	}
	return "none"
}

// set puts a value at a path of JSON names.
func set(v reflect.Value, path []string, value string) error {
	if len(path) == 0 {
		return put(v, value)
	}
	switch v.Kind() {
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		key := reflect.ValueOf(path[0]).Convert(v.Type().Key())
		entry := reflect.New(v.Type().Elem()).Elem()
		if old := v.MapIndex(key); old.IsValid() {
			entry.Set(old)
		}
		if err := set(entry, path[1:], value); err != nil {
			return err
		}
		v.SetMapIndex(key, entry)
		return nil
	case reflect.Struct:
		for i := range v.NumField() {
			tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if tag == path[0] {
				return set(v.Field(i), path[1:], value)
			}
		}
	}
	return fmt.Errorf("there is no %s", path[0])
}

func put(v reflect.Value, value string) error {
	if strings.HasPrefix(value, "[") && value[1] != '{' && v.Kind() == reflect.Slice {
		for _, each := range strings.Fields(strings.Trim(value, "[]")) {
			e := reflect.New(v.Type().Elem()).Elem()
			if err := put(e, each); err != nil {
				return err
			}
			v.Set(reflect.Append(v, e))
		}
		return nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v.Addr().Interface()); err == nil {
		return nil
	}
	return json.Unmarshal([]byte(value), v.Addr().Interface())
}

func (s *scenario) refusedBy(of []string) error {
	switch {
	case s.given == "":
		return errors.New("nothing was given that could be refused")
	case s.err == nil:
		_, name, _ := strings.Cut(s.given, " may not ")
		return fmt.Errorf("%s was accepted", name)
	}
	got := refusingRules(s.err)
	if want := list(of[0]); !slices.Equal(got, want) {
		_, name, _ := strings.Cut(s.given, " may not ")
		return fmt.Errorf("%s was refused by %s, not by %s\n\t%w", name, strings.Join(got, ", "), strings.Join(want, ", "), s.err)
	}
	s.given, s.err = "", nil
	return nil
}

// refusingRules are the rules that refuse, each once, in order.
func refusingRules(err error) []string {
	all := audit.RefusalsOf(err)
	if all == nil {
		return []string{err.Error()}
	}
	rules := all.Rules()
	slices.Sort(rules)
	return slices.Compact(rules)
}

func list(words string) []string {
	var all []string
	for w := range strings.SplitSeq(words, ",") {
		all = append(all, strings.TrimSpace(w))
	}
	slices.Sort(all)
	return all
}

// toldOf compares who was told of a topic since the last command or waiting, as
// roles or as role:person; "nobody" is nobody.
func (s *scenario) toldOf(of []string) error {
	if !slices.Contains(loop.Topics(), loop.Topic(of[0])) {
		return fmt.Errorf("there is no topic %s: one of %v", of[0], loop.Topics())
	}
	want, got := list(of[1]), []string{}
	for r, err := range s.store.Feed(context.Background(), s.seen) {
		if err != nil {
			return err
		}
		e, err := loop.DecodeEvent(r.Type, r.Data)
		if err != nil {
			return err
		}
		if n, ok := e.(loop.Notified); ok && string(n.Topic) == of[0] {
			to := string(n.To.Role)
			if strings.Contains(of[1], ":") {
				to += ":" + string(n.To.Person)
			}
			got = append(got, to)
		}
	}
	if slices.Sort(got); len(got) == 0 {
		got = []string{"nobody"}
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("of %s %s was told, not %s", of[0], strings.Join(got, ", "), strings.Join(want, ", "))
	}
	return nil
}

func (s *scenario) clock(name, subject string) (loop.Clock, bool, error) {
	state, err := s.state()
	if err != nil {
		return loop.Clock{}, false, err
	}
	for _, c := range state.Clocks() {
		if c.Name == name && c.Subject == subject {
			return c, true, nil
		}
	}
	return loop.Clock{}, false, nil
}

func (s *scenario) due(of []string) error {
	c, runs, err := s.clock(of[0], of[1])
	switch {
	case err != nil:
		return err
	case !runs:
		return fmt.Errorf("the clock %s does not run", of[0])
	}
	day, err := time.Parse("2 January 2006", of[2])
	if err != nil {
		return fmt.Errorf("%q is no day: write 7 May 2026", of[2])
	}
	if got := c.Due.Due.String(); got != day.Format(time.DateOnly) {
		return fmt.Errorf("the clock %s is due on %s, not %s", of[0], c.Due.Due.Long(), of[2])
	}
	return nil
}

func (s *scenario) notDue(of []string) error {
	c, runs, err := s.clock(of[0], of[1])
	if runs {
		return fmt.Errorf("the clock %s runs, and is due on %s", of[0], c.Due.Due.Long())
	}
	return err
}

// valueOf is what stands at a path of the state, such as Audit.Phase or Tracker.0.Due.Due.
func (s *scenario) valueOf(path string) (reflect.Value, error) {
	state, err := s.state()
	v := reflect.ValueOf(state)
	for _, name := range strings.Split(path, ".") {
		for v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		var i int
		switch _, no := fmt.Sscan(name, &i); {
		case v.Kind() == reflect.Struct:
			v = v.FieldByName(name)
		case v.Kind() == reflect.Slice && no == nil && i < v.Len():
			v = v.Index(i)
		case v.Kind() == reflect.Map:
			v = v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key()))
		default:
			v = reflect.Value{}
		}
		if !v.IsValid() {
			return v, fmt.Errorf("there is no %s", path)
		}
	}
	return v, err
}

func (s *scenario) thenIs(of []string) error {
	v, err := s.valueOf(of[0])
	if err != nil {
		return err
	}
	if v.Kind() == reflect.Pointer && !v.IsNil() && of[1] != "none" {
		v = v.Elem()
	}
	got := fmt.Sprint(v.Interface())
	if v.IsZero() && v.Kind() != reflect.Bool && v.Kind() != reflect.Int {
		got = "none"
	}
	if got != of[1] {
		return fmt.Errorf("%s is %s, not %s", of[0], got, of[1])
	}
	return nil
}

func (s *scenario) thenHas(of []string) error {
	v, err := s.valueOf(of[0])
	if err != nil {
		return err
	}
	if got := fmt.Sprint(v.Len()); got != of[1] {
		return fmt.Errorf("%s has %s, not %s", of[0], got, of[1])
	}
	return nil
}
