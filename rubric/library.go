package rubric

import (
	"fmt"
	"slices"

	"github.com/practiceaudit/practiceaudit/calendar"
)

// Library holds rubrics in all their versions. It picks the version in force on
// a day for an audit that starts, and finds the one that an audit was pinned to
// for ever after. It never changes, and may be used by many goroutines at once;
// the zero Library is empty.
type Library struct {
	byID     map[string][]*Rubric // by effective date
	byDigest map[string]*Rubric
}

// LibraryError says why a library has no answer, or cannot hold what it is to
// hold.
type LibraryError struct {
	ID      string // of the rubric
	Version string
	Digest  string
	Problem string // plain English, lower case
}

// Error says which rubric is meant and what is wrong.
func (e *LibraryError) Error() string {
	switch {
	case e.ID == "":
		return fmt.Sprintf("rubric %s: %s", e.Digest, e.Problem)
	case e.Version == "":
		return fmt.Sprintf("rubric %s: %s", e.ID, e.Problem)
	}
	return fmt.Sprintf("rubric %s, version %s: %s", e.ID, e.Version, e.Problem)
}

// With returns a library that also holds more rubrics; l stays as it was. The
// same rubric twice is held once. A *LibraryError refuses a version that was
// changed after it was given its name, and two versions that take effect on the
// same day: which of them is in force could not be said.
func (l Library) With(rubrics ...*Rubric) (Library, error) {
	out := Library{byID: map[string][]*Rubric{}, byDigest: map[string]*Rubric{}}
	for id, versions := range l.byID {
		out.byID[id] = slices.Clone(versions)
	}
	for digest, r := range l.byDigest {
		out.byDigest[digest] = r
	}
	for _, r := range rubrics {
		if r == nil || r.ref.Digest == "" {
			return l, &LibraryError{Problem: "this is no rubric: it does not come from Parse"}
		}
		if _, known := out.byDigest[r.ref.Digest]; known {
			continue
		}
		for _, other := range out.byID[r.ref.ID] {
			wrong := &LibraryError{ID: r.ref.ID, Version: r.ref.Version, Digest: r.ref.Digest}
			switch {
			case other.ref.Version == r.ref.Version:
				wrong.Problem = "there are two of this version that differ; give the changed one a version of its own"
				return l, wrong
			case other.effective == r.effective:
				wrong.Problem = fmt.Sprintf("version %s takes effect on %s too; only one can", other.ref.Version, r.effective.Long())
				return l, wrong
			}
		}
		out.byDigest[r.ref.Digest] = r
		versions := append(out.byID[r.ref.ID], r)
		slices.SortFunc(versions, func(a, b *Rubric) int { return a.effective.Compare(b.effective) })
		out.byID[r.ref.ID] = versions
	}
	return out, nil
}

// InForce returns the version of a rubric in force on a London day: of those
// effective by then, the latest. A review date that is past does not end a
// version; [Rubric.Warnings] speaks of it. If no version is in force it is a
// *LibraryError.
func (l Library) InForce(id string, on calendar.Date) (*Rubric, error) {
	versions := l.byID[id]
	if len(versions) == 0 {
		return nil, &LibraryError{ID: id, Problem: "this library holds no such rubric"}
	}
	for _, r := range slices.Backward(versions) {
		if !r.effective.After(on) {
			return r, nil
		}
	}
	return nil, &LibraryError{ID: id, Problem: fmt.Sprintf("no version is in force on %s; the first takes effect on %s", on.Long(), versions[0].effective.Long())}
}

// Pinned returns the rubric of a digest, whatever has come into force since; a
// *LibraryError if the library does not hold it.
func (l Library) Pinned(digest string) (*Rubric, error) {
	if r, ok := l.byDigest[digest]; ok {
		return r, nil
	}
	return nil, &LibraryError{Digest: digest, Problem: "this library does not hold it; add the version that the audit was started with"}
}

// Versions returns all versions of a rubric, in the order in which they take
// effect; none if the library does not hold it.
func (l Library) Versions(id string) []*Rubric { return slices.Clone(l.byID[id]) }
