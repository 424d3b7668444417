package recipe

import "posttrain/core/verdict"

// Question is what a verdict on the recipe is about.
func (r *Recipe) Question() verdict.Question {
	q := verdict.Question{Levels: r.Task.Levels, Prompts: r.EvalPrompts()}
	if e := r.exhibit(); e != nil {
		q.About = e.About()
	}
	return q
}

// Verdicts are the lanes as a verdict is given on them, before anything is known of them.
func (r *Recipe) Verdicts() (lanes []verdict.Lane) {
	for i, name := range r.LaneNames() {
		lanes = append(lanes, verdict.Lane{Name: name, Collects: r.Collects(i)})
	}
	return lanes
}
