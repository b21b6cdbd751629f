package loop

import (
	"slices"
	"strings"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/cycle"
)

// cycle is what a cycle's decisions in a stream are made by.
func (e Env) cycle(s StreamID) cycle.Env {
	return cycle.Env{Audit: e.audit(), Policy: e.Policy.Cycle, Stream: string(s)}
}

// decideCycle lets the cycle decide. What its files' audits begin with is worked
// out when the batch is.
func decideCycle(s State, c cycle.Command, env Env) ([]Event, error) {
	if s.Audit.Phase != audit.PhaseNone {
		return nil, refuse(c, "phase", "this stream is an audit, not a monthly cycle", "the cycle's own stream")
	}
	decided, err := cycle.Decide(s.Cycle, c, env.cycle(s.Stream))
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(decided))
	for i, e := range decided {
		events[i] = Cycle{e}
	}
	return events, nil
}

// addCycle adds what an event of a cycle brings with it: the streams of the
// months of a schedule, those of the audits of confirmed and chosen files with
// their notices, and the policy by which files were drawn or allocated. The
// streams' ids derive from the cycle's, so that a repeat makes no second.
func (b *Batch) addCycle(s State, e cycle.Event, c Command, env Env) error {
	switch e := e.(type) {
	case cycle.YearPlanned:
		for stream, first := range e.Begins(string(s.Stream)) {
			if err := b.begin(StreamID(stream), []Event{Cycle{first}}, c, env); err != nil {
				return err
			}
		}
		slices.SortFunc(b.FollowUps, func(x, y FollowUp) int { return strings.Compare(string(x.Stream), string(y.Stream)) })
	case cycle.Drawn, cycle.AllocationProposed:
		b.Documents = append(b.Documents, Document{env.Policy.Digest(), env.Policy.Canonical()})
	}
	for _, f := range s.Cycle.Begun(e) {
		part, _ := s.Cycle.Part(f.Part)
		selected, err := s.Cycle.Select(f.Candidate, part, c.Head(), env.cycle(s.Stream))
		if err != nil {
			return err
		}
		stream := StreamID(f.Stream)
		n := newNotices(Evolve(New(stream), Audit{selected}), c, env)
		n.tell(TopicSelected)
		if err := b.begin(stream, append([]Event{Audit{selected}}, n.events...), c, env); err != nil {
			return err
		}
	}
	return nil
}

// begin adds a stream that begins with some events, and their notices.
func (b *Batch) begin(stream StreamID, events []Event, c Command, env Env) error {
	f, state := FollowUp{Stream: stream}, New(stream)
	for i, e := range events {
		r, err := record(stream, Version(i+1), e, c, *b)
		if err != nil {
			return err
		}
		f.Records = append(f.Records, r)
		state = Evolve(state, e)
	}
	f.Wakes = state.wakes(env)
	b.FollowUps = append(b.FollowUps, f)
	b.Notices = append(b.Notices, intents(state, events)...)
	return nil
}
