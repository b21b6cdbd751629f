package loop_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/loop"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// docs/state-diagrams.md is written from the tables of phases that decisions are made
// by, and from where the commands lead in the scenarios: one for each phase that a
// table gives a command. In random lives, no command leads anywhere else.
func TestTheStateDiagramsAreThoseOfTheTables(t *testing.T) {
	sequential(t)
	machines := []*machine{
		{title: "An audit", phase: func(s loop.State) string { return string(s.Audit.Phase) }, table: phasesOf(audit.PhasesOf), none: "[*]", also: []string{"[*] --> planned : a finding or the closing of an audit"}},
		{title: "A moderation", phase: func(s loop.State) string { return string(s.Moderation.Phase) }, table: phasesOf(moderation.PhasesOf), none: "not_allocated"},
		{title: "The loop", phase: loopPhase, none: "[*]"},
	}
	scripts(t, machines)
	var page strings.Builder
	page.WriteString(diagramsHead)
	for _, m := range machines {
		for cell := range m.cells() {
			if m.led[cell] == nil {
				t.Errorf("%s: the table lets %s when it is %s, and no scenario shows it", m.title, cell.command, m.named(cell.phase))
			}
		}
		m.draw(&page)
	}
	const golden = "../docs/state-diagrams.md"
	if *update {
		if err := os.WriteFile(golden, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("run go test ./loop -run StateDiagrams -update, and read what changed (-page +code):\n%s", diff)
	}
	lives(t, machines)
}

const diagramsHead = `# State diagrams

Written by ` + "`go test ./loop -run StateDiagrams -update`" + ` from the tables that decisions are
made by, and from where each command leads in the
[scenarios](../loop/testdata/scenarios/README.md). Who may give a command stands in [who-may-do-what.md](who-may-do-what.md). A
concern is raised, and a critical notice acknowledged, in every state.
`

// machine is one of the state machines.
type machine struct {
	title string
	phase func(loop.State) string
	table func(command string) []string // the phases of a command; nil where there is no table
	none  string                        // the empty phase, as a diagram names it
	also  []string                      // arrows that no command is
	led   map[cell]map[string]bool      // where it was seen to lead
}

type cell struct{ command, phase string }

func phasesOf[P ~string](of func(string) []P) func(string) []string {
	return func(command string) []string {
		var names []string
		for _, p := range of(command) {
			names = append(names, string(p))
		}
		return names
	}
}

// loopPhase is how the loop of an audit stands.
func loopPhase(s loop.State) string {
	switch {
	case s.Audit.Phase == audit.PhaseNone:
		return ""
	case s.Withdrawn != nil:
		return "withdrawn"
	case s.Cancelled != nil:
		return "cancelled"
	case s.Suspended != nil:
		return "suspended"
	case s.Sample != nil:
		return "sampled"
	case s.Closed != nil:
		return "closed"
	}
	return "open"
}

// cells are those of the table.
func (m *machine) cells() map[cell]bool {
	cells := map[cell]bool{}
	if m.table == nil {
		return cells
	}
	for command := range commandTypes {
		for _, p := range m.table(command) {
			cells[cell{command, p}] = true
		}
	}
	return cells
}

// saw notes where a command led. One that the machine's table has nothing to say of
// is noted if it led to another phase.
func (m *machine) saw(command string, before, after loop.State) {
	c, to := cell{command, m.phase(before)}, m.phase(after)
	if m.table == nil && c.phase == to || m.table != nil && c.phase == to && len(m.table(command)) == 0 {
		return
	}
	if m.led == nil {
		m.led = map[cell]map[string]bool{}
	}
	if m.led[c] == nil {
		m.led[c] = map[string]bool{}
	}
	m.led[c][to] = true
}

// scripts plays the scenarios.
func scripts(t *testing.T, machines []*machine) {
	for _, file := range scenarioFiles(t) {
		s := newScenario(t)
		s.saw = func(command string, before, after loop.State) {
			for _, m := range machines {
				m.saw(command, before, after)
			}
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.play(filepath.Base(file), string(src)); err != nil {
			t.Fatal(err)
		}
	}
}

// lives looks in random lives for a command that leads where no scenario led.
func lives(t *testing.T, machines []*machine) {
	env := smallEnv(t)
	life := rapid.Custom(func(r *rapid.T) []machine {
		seen := make([]machine, len(machines))
		for i, m := range machines {
			seen[i] = machine{title: m.title, phase: m.phase, table: m.table, none: m.none}
		}
		w := newTown(r, env)
		before := map[loop.StreamID]loop.State{}
		done := 0
		w.live(lifetime, func() {
			for _, d := range w.done[done:] {
				if _, clock := d.command.(loop.WakeUp); clock || w.of(d.stream).state.Version != before[d.stream].Version+loop.Version(wrote(w, d)) {
					continue
				}
				for i := range seen {
					seen[i].saw(d.command.Name(), before[d.stream], w.of(d.stream).state)
				}
			}
			done = len(w.done)
			for _, s := range w.streams {
				before[s] = w.of(s).state
			}
		})
		return seen
	})
	for seed := range 100 {
		for i, m := range life.Example(seed) {
			for c, to := range m.led {
				for p := range to {
					if !machines[i].led[c][p] {
						t.Errorf("%s: %s led from %s to %s, which no scenario shows", m.title, c.command, m.named(c.phase), m.named(p))
					}
				}
			}
		}
	}
}

// wrote counts what an accepted command recorded in its stream.
func wrote(w *town, d answered) int {
	n := 0
	for _, r := range w.of(d.stream).records {
		if r.Command == d.command.Head().ID {
			n++
		}
	}
	return n
}

// draw writes the diagram of a machine, and below it what leaves it in its phase.
func (m *machine) draw(page *strings.Builder) {
	arrows, stays := map[string][]string{}, map[string][]string{}
	for c, to := range m.led {
		for p := range to {
			if p == c.phase {
				stays[p] = append(stays[p], c.command)
				continue
			}
			arrow := m.named(c.phase) + " --> " + m.named(p)
			arrows[arrow] = append(arrows[arrow], c.command)
		}
	}
	fmt.Fprintf(page, "\n## %s\n\n```mermaid\nstateDiagram-v2\n", m.title)
	for _, arrow := range m.also {
		fmt.Fprintf(page, "    %s\n", arrow)
	}
	for _, arrow := range slices.Sorted(maps.Keys(arrows)) {
		slices.Sort(arrows[arrow])
		fmt.Fprintf(page, "    %s : %s\n", arrow, strings.Join(arrows[arrow], ", "))
	}
	page.WriteString("```\n")
	if len(stays) == 0 {
		return
	}
	page.WriteString("\n| phase | commands that leave it there |\n|---|---|\n")
	for _, p := range slices.Sorted(maps.Keys(stays)) {
		slices.Sort(stays[p])
		fmt.Fprintf(page, "| %s | %s |\n", m.named(p), strings.Join(stays[p], ", "))
	}
}

// named is a phase as a diagram names it.
func (m *machine) named(phase string) string { return cmp.Or(phase, m.none) }
