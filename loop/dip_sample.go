package loop

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"github.com/practiceaudit/practiceaudit/audit"
	"github.com/practiceaudit/practiceaudit/moderation"
)

// ChooseDipSample has a closed audit dip sampled that the policy's share has not
// picked (QA framework: "dip sample review of previously audited files"; choosing one
// is our reading). It starts when any would: so long after the audit closed.
type ChooseDipSample struct {
	audit.Header
	Because audit.FreeText `json:"because"`
}

// DipSampleChosen says who had an audit dip sampled, and why.
type DipSampleChosen struct {
	By      audit.PersonID `json:"by"`
	At      time.Time      `json:"at"`
	Because audit.FreeText `json:"because"`
}

// TypeDipSampleChosen is the name of [DipSampleChosen], as stored. It never changes.
const TypeDipSampleChosen = "loop.dip_sample_chosen"

// Name implements [Command].
func (ChooseDipSample) Name() string { return "choose_dip_sample" }

// Type implements [Event].
func (DipSampleChosen) Type() string { return TypeDipSampleChosen }
func (DipSampleChosen) loopEvent()   {}

func (c ChooseDipSample) decide(s State, env Env) ([]Event, error) {
	var rs audit.Refusals
	if s.Moderation.Phase != moderation.PhaseClosed {
		rs = append(rs, refuse(c, "phase", "the audit is not moderated and closed", "the final QA comments close it"))
	}
	if _, planned := s.FollowUp(audit.DipSample); planned {
		rs = append(rs, refuse(c, "phase", "its dip sample is planned already", ""))
	}
	rs = append(rs, audit.CheckBecause(c, c.Because)...)
	if err := rs.Err(); err != nil {
		return nil, err
	}
	n := newNotices(s, c, env)
	planned, err := n.followUp(audit.DipSample, "chosen", env.Policy.DipSample, s.Moderation.Commented.At)
	if err != nil {
		return nil, err
	}
	chosen := DipSampleChosen{By: c.Actor, At: c.At, Because: c.Because}
	return append(append([]Event{chosen}, planned...), n.events...), nil
}

// Samples reports whether a policy has an audit dip sampled when it closes. Which of
// them a share picks depends on the audit's id alone: anyone can work it out again, and
// nobody can bring it about.
func (p *Policy) Samples(s StreamID) bool {
	if p.Sample == 0 {
		return false
	}
	sum := sha256.Sum256([]byte("dip sample\x00" + string(s)))
	return binary.BigEndian.Uint64(sum[:])%uint64(p.Sample) == 0
}

// oneIn reads how many of the closed audits are dip sampled: one in so many, 0 for
// none but those that people choose. The schema has looked at the words.
func oneIn(share string) int {
	if share == "all" {
		return 1
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(share, "1 in "))
	return n
}
