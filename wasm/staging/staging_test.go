package staging

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

func parse(t *testing.T, link string) *recipe.Recipe {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told returns a record with all kinds of events of each lane: measurements at four steps,
// responses, coefficients and weights.
func told(t *testing.T, r *recipe.Recipe) *scene.Record {
	t.Helper()
	staged, d := Of(r), r.Describe()
	record := scene.NewRecord(staged)
	for lane, l := range staged.Lanes {
		prompt, response := "A=", "1"
		if e := d.Task.Examples; len(e) > 0 {
			prompt, response = e[lane%len(e)].Prompt, e[lane%len(e)].Response
		}
		for i := range 4 {
			step := l.Steps * i / 3
			for _, e := range events(staged, step, float64(i+lane)/8, prompt, response) {
				if err := record.Add(lane, e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return record
}

// events returns the events of a lane at a step. x, from 0 to 1, is its progress.
func events(staged scene.Recipe, step int, x float64, prompt,
	response string) (all []protocol.Event) {
	var measured, updated []protocol.Metric
	for _, s := range staged.Series {
		value := 7.3 * x
		if s.Unit == scene.Share {
			value = 0.02 + 0.9*x
		}
		for _, l := range staged.Levels {
			if s.Levels {
				measured = append(measured,
					protocol.Metric{Name: "eval/" + l.Name + "/" + s.Name, Value: value})
			}
		}
		switch {
		case strings.HasPrefix(s.Name, "train/"):
			updated = append(updated, protocol.Metric{Name: s.Name, Value: -0.37 + value})
		case !s.Levels:
			measured = append(measured, protocol.Metric{Name: s.Name, Value: value})
		}
	}
	cost := protocol.Cost{Demonstrations: 8 * step, Labels: step, VerifierCalls: 64 * step,
		TokensGenerated: 512 * step, TokensTrained: 300 * step, FLOPs: 1.3e9 * float64(step),
		Copies: 4, Bytes: 1.6e6, Seconds: 0.1 * float64(step)}
	one := protocol.Sample{Level: staged.Levels[0].Name, Prompt: prompt, Response: response,
		Finished: true, Reward: 1, Source: "rollout"}
	for range len(response) + 1 {
		one.Logp, one.Pushes = append(one.Logp, -0.1), append(one.Pushes,
			protocol.Push{Mask: 1, Ratio: 1, Advantage: 0.5, Share: 0.1, Coefficient: 0.05})
	}
	matrices := []protocol.Matrix{{Name: "embed", Rows: 16, Cols: 64, Norm: 1, Base: 8, Rank: 7},
		{Name: "layers.0.attn.query", Rows: 64, Cols: 64, Norm: 0.4, Base: 5,
			Rank: 20}, {Name: "layers.1.mlp.down", Rows: 176, Cols: 64, Norm: 0.013, Base: 9,
			Rank: 30}}
	return []protocol.Event{
		{Kind: protocol.Measured, Step: step, Cost: cost, Metrics: measured},
		{Kind: protocol.Updated, Step: step + 1, Cost: cost, Metrics: updated},
		{Kind: protocol.Looked, Step: step, Samples: []protocol.Sample{one, one}},
		{Kind: protocol.Explained, Step: step, Samples: []protocol.Sample{one, one}},
		{Kind: protocol.Compared, Step: step, Matrices: matrices},
	}
}

// The picture that an exhibit begins with shows what decides it, and what its sign names can be
// chosen.
func TestThePictureShowsWhatTheExhibitIsAbout(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		r := parse(t, e.Name)
		d, record := Describe(r), told(t, r)
		if !slices.Contains(d.Scenes, d.First.Scene) {
			t.Errorf("%s begins with %s, which has nothing to show; there are %v", e.Name,
				d.First.Scene, d.Scenes)
		}
		s, err := scene.Lookup(d.First.Scene)
		if err != nil {
			t.Fatal(err)
		}
		if table := s.Table(record, d.First); !shows(t, d, table, e.Decides) {
			t.Errorf("%s is decided by %s; its picture shows %q, %q", e.Name, e.Decides,
				table.Caption, table.Head)
		}
		series, _ := record.Offered()
		for _, pattern := range e.About() {
			definition, _ := eval.Define(pattern)
			name := strings.TrimPrefix(definition.Name, "eval/LEVEL/")
			if slices.ContainsFunc(r.Task.Levels,
				func(l task.Level) bool { return l.Metric() == pattern }) {
				name = "" // the first choice
			}
			if !slices.ContainsFunc(series, func(c scene.Choice) bool { return c.Name == name }) {
				t.Errorf("%s is about %s, which the race does not offer: %v", e.Name, pattern,
					series)
			}
		}
	}
}

// shows reports whether a scene's table has a metric.
func shows(t *testing.T, d Description, table scene.Table, metric string) bool {
	t.Helper()
	has := func(text string) bool {
		head := table.Caption + "\n" + strings.Join(table.Head, "\n")
		return strings.Contains(strings.ToLower(head), strings.ToLower(text))
	}
	if entry, ok := strings.CutPrefix(metric, "cost/"); ok {
		return slices.ContainsFunc(scene.Axes(),
			func(a scene.Axis) bool { return a.Name == entry && has(a.Unit) })
	}
	if _, k, ok := strings.Cut(metric, "/pass_at_"); ok {
		return has("k = " + k)
	}
	definition, ok := eval.Define(metric)
	if !ok {
		t.Fatalf("%s is not in the dictionary", metric)
	}
	switch d.First.Scene {
	case "densities":
		return has("covered") && strings.HasSuffix(metric, "/overlap")
	case "reward":
		return has("gold") && strings.HasSuffix(metric, "/reward")
	}
	return has(definition.Title)
}

// There are tabs for what a recipe has to show, and for nothing else.
func TestScenesHaveSomethingToShow(t *testing.T) {
	for link, want := range map[string]string{
		"memorise":           "race tree tokens plane weights world",
		"hacking":            "race tree tokens plane weights reward",
		"entropy":            "race tree tokens plane weights",
		"passk":              "race tree tokens plane weights passk",
		"densities":          "race plane densities",
		"lock?lane=sft":      "race tree tokens plane weights world",
		"taste?lane=sft~dpo": "race tree tokens plane weights",
		"taste?lane=sft~rlhf&passk=4&eval_prompts=8": "race tree tokens plane weights reward passk",
	} {
		if got := strings.Join(Describe(parse(t, link)).Scenes, " "); got != want {
			t.Errorf("%s shows %s, want %s", link, got, want)
		}
	}
}

// The caption of a scene whose picture depends on the task describes this task's picture.
func TestCaptionsOfTheWorld(t *testing.T) {
	said := map[string]bool{}
	for _, c := range recipe.Standard().Menu().Tasks {
		d := Describe(parse(t, c.Name+"?lane=sft"))
		caption, own := d.Captions["world"]
		if own != slices.Contains(d.Scenes, "world") ||
			own && (said[caption] || len(caption) < 100) {
			t.Errorf("%s: the caption of its world is %q", c.Name, caption)
		}
		said[caption] = true
	}
}
