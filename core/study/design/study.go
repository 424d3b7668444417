package design

// Study is what the file of a study says.
type Study struct {
	Name, Title string
	Question    string
	Doc         string
	Experiments []Experiment
	Hypotheses  []Hypothesis
}

// Experiment crosses arms with bases and seeds. What is not varied is in its recipe.
type Experiment struct {
	Name   string
	Recipe string // a link without lanes, such as cards?eval_every=20
	Bases  Split  // seeds of the base's pretraining
	Seeds  Split  // seeds of the runs
	Arms   []Arm
}

// Split has the seeds of each part. They are disjoint.
type Split struct{ Tune, Judge []uint64 }

// Arm is a way of training, in several settings.
type Arm struct {
	Name, Title string
	Configs     []string // lanes as a link has them, in the order of the ranges
}

// Hypothesis is a claim about arms, with the threshold that decides it.
type Hypothesis struct {
	Name, Says, Cite string
	Experiment       string
	// more fields: see the brief
}
