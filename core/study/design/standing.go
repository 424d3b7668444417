package design

import (
	"slices"
	"strings"
)

// State says whether a claim was written down before its results.
type State string

// The states of a claim, the best first.
const (
	Registered   State = "registered"                     // before there were results
	Unproved     State = "registered, no history at hand" // it is not known when
	Late         State = "registered after results"
	Changed      State = "changed since it was registered"
	Unregistered State = "not registered" // so that it is exploratory
)

// Standing says what of a study was written down before its results.
type Standing struct {
	Study      State            `json:"study"`
	Hypotheses map[string]State `json:"hypotheses"` // by name
	Dropped    []string         `json:"dropped"`    // hypotheses that were registered and are gone
	// the newest entry with this lock, or else the newest of all; nil if there is none
	Entry *Entry `json:"-"`
}

// Timing is when an entry of a lock file was committed.
type Timing int

// The timings of an entry.
const (
	NoHistory Timing = iota // unknown, because there is no history or the entry is not in it
	Before                  // before the results first appeared
	After                   // with the results or later
)

// Standing compares the study with what was registered. The entries are those of its lock file, and
// nil if there is none. when returns when the entry with a hash was committed; it may be nil.
//
// A hypothesis stands as long as an entry has it word by word, with its arms, their experiments and
// the analysis. It does not matter what was added beside it.
func (s *Study) Standing(entries []Entry, when func(hash string) Timing) Standing {
	if when == nil {
		when = func(string) Timing { return NoHistory }
	}
	standing := Standing{Study: Unregistered, Hypotheses: map[string]State{}, Dropped: []string{}}
	lock := s.Lock()
	if len(entries) > 0 {
		standing.Study, standing.Entry = Changed, &entries[len(entries)-1]
	}
	blocks, states := make([][]string, len(entries)), make([]State, len(entries))
	for i := range entries {
		e := &entries[i]
		blocks[i], states[i] = blocksOf(e.Text), stateAt(when(e.Hash))
		if e.Hash == lock.Hash {
			standing.Entry = e
			standing.Study = better(standing.Study, states[i])
		}
	}
	for _, h := range s.Hypotheses {
		state := Unregistered
		for i := range entries {
			switch {
			case hasAll(blocks[i], s.blocks([]Hypothesis{h})):
				state = better(state, states[i])
			case hasHypothesis(blocks[i], h.Name):
				state = better(state, Changed)
			}
		}
		standing.Hypotheses[h.Name] = state
	}
	for _, b := range slices.Concat(blocks...) {
		first, _, _ := strings.Cut(b, "\n")
		name, is := strings.CutPrefix(first, "hypothesis ")
		if _, there := standing.Hypotheses[name]; is && !there &&
			!slices.Contains(standing.Dropped, name) {
			standing.Dropped = append(standing.Dropped, name)
		}
	}
	return standing
}

func stateAt(t Timing) State {
	switch t {
	case Before:
		return Registered
	case After:
		return Late
	}
	return Unproved
}

// better returns the better of two states.
func better(a, b State) State {
	order := []State{Registered, Unproved, Late, Changed, Unregistered}
	return order[min(slices.Index(order, a), slices.Index(order, b))]
}

func hasAll(blocks, wanted []string) bool {
	for _, b := range wanted {
		if !slices.Contains(blocks, b) {
			return false
		}
	}
	return true
}

// hasHypothesis reports whether one of the blocks is about the hypothesis of this name.
func hasHypothesis(blocks []string, name string) bool {
	return slices.ContainsFunc(blocks,
		func(b string) bool { return strings.HasPrefix(b, "hypothesis "+name+"\n") })
}
