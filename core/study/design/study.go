package design

import "slices"

// Study is what the file of a study says.
type Study struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Question string `json:"question"`
	Doc      string `json:"doc"` // what is matched, and why these thresholds
	// Found is what the results show, in a few sentences that were written after them. It is no
	// part of what is registered.
	Found       string       `json:"found,omitempty"`
	Experiments []Experiment `json:"experiments"`
	Hypotheses  []Hypothesis `json:"hypotheses"` // none means that the study explores
	Analysis    Analysis     `json:"analysis"`

	cells []Cell
}

// Experiment crosses arms with bases and seeds. What is not varied is in its recipe.
type Experiment struct {
	Name   string `json:"name"`
	Recipe string `json:"recipe"` // a canonical link without v, seed, lanes and the base's seed
	Bases  Split  `json:"bases"`  // seeds of the base's pretraining; none if no base is needed
	Seeds  Split  `json:"seeds"`  // seeds of the runs
	Arms   []Arm  `json:"arms"`
}

// Split has the seeds of each part. They are disjoint. Tune may be empty.
type Split struct {
	Tune  []uint64 `json:"tune"`
	Judge []uint64 `json:"judge"`
}

// Arm is a way of training, in several settings.
type Arm struct {
	Name  string `json:"name"` // unique in its experiment
	Title string `json:"title"`
	// canonical lanes, all different, in the order of the ranges; the first range varies slowest
	Configs []string `json:"configs"`
}

// ArmName names an arm of a study.
type ArmName struct {
	Experiment string `json:"experiment"`
	Arm        string `json:"arm"`
}

// String returns the name as hypotheses have it if several experiments have an arm of this name.
func (a ArmName) String() string { return a.Experiment + "/" + a.Arm }

// Analysis is how hypotheses are judged.
type Analysis struct {
	Resamples  int     `json:"resamples"` // of the bootstrap
	Level      float64 `json:"level"`     // of intervals, such as 0.95
	Correction string  `json:"correction"`
}

// The corrections for the number of hypotheses.
const (
	Holm         = "holm"
	NoCorrection = "none"
)

// arm returns an arm and its experiment, or nil if there is none of this name.
func (s *Study) arm(name ArmName) (*Arm, *Experiment) {
	for i := range s.Experiments {
		e := &s.Experiments[i]
		at := slices.IndexFunc(e.Arms, func(a Arm) bool { return a.Name == name.Arm })
		if e.Name == name.Experiment && at >= 0 {
			return &e.Arms[at], e
		}
	}
	return nil, nil
}

// Exploratory returns the arms that no hypothesis is about, in the order of the file. They are
// computed and shown, and nothing is claimed about them.
func (s *Study) Exploratory() (names []ArmName) {
	for _, e := range s.Experiments {
		for _, a := range e.Arms {
			name := ArmName{e.Name, a.Name}
			uses := func(h Hypothesis) bool { return slices.Contains(h.Arms(), name) }
			if !slices.ContainsFunc(s.Hypotheses, uses) {
				names = append(names, name)
			}
		}
	}
	return names
}
