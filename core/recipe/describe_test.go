package recipe

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/task"
)

// The page makes links from the parts of a description. Such a link means the same recipe.
func TestDescriptionsGiveTheirRecipeBack(t *testing.T) {
	for _, link := range []string{
		"memorise",
		"cards?seed=7&lane=sft,lr=1e-3,style=y&lane=sft,steps=100~grpo,steps=200,beta=0",
		"memorise?eval_every=3&lane=rloo", "densities?eval_every=3&lane=sft,slow=1~reinforce",
	} {
		r, err := Standard().Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		d := r.Describe()
		again := d.Name + "?"
		for _, k := range d.Knobs {
			again += "&" + k.Name + "=" + k.Text
		}
		for _, lane := range d.Lanes {
			again += "&lane="
			for i, stage := range lane.Stages {
				if i > 0 {
					again += "~"
				}
				again += stage.Method
				for _, s := range stage.Settings {
					again += "," + s.Name + "=" + s.Text
				}
			}
		}
		back, err := Standard().Parse(again)
		if err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		if back.Link() != d.Link || !reflect.DeepEqual(back.Labels(), r.Labels()) {
			t.Errorf("%s comes back as %s", d.Link, back.Link())
		}
	}
}

// The description of a lane has a base if it is not the recipe's.
func TestDescriptionsOfLanesWithBases(t *testing.T) {
	r, err := Standard().Parse(
		"cards?base=cards_confused&lane=grpo&lane=sft,base=cards_expert~grpo&lane=sft,base=cards_confused")
	if err != nil {
		t.Fatal(err)
	}
	d := r.Describe()
	if d.Base.Name != "cards_confused" || d.Lanes[0].Base != nil || d.Lanes[2].Base != nil {
		t.Errorf("the recipe's base is %s, those of the first and the third lane are %v and %v",
			d.Base.Name, d.Lanes[0].Base, d.Lanes[2].Base)
	}
	if own := d.Lanes[1].Base; own == nil || own.Name != "cards_expert" || own.Weights == 0 {
		t.Errorf("the second lane's base is %v", own)
	}
}

func TestDescriptionsAreJSON(t *testing.T) {
	r, err := Standard().Parse("memorise")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r.Describe())
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Study *struct {
			Seeds []uint64
			Lanes []struct {
				Label   string
				Metrics map[string]struct{ Mean, Low, High float64 }
			}
		}
		Lanes []struct {
			Name   string
			Stages []struct {
				Example  *Example
				Takes    []string
				Settings []struct{ Name, Type, Label, Value, Doc string }
			}
		}
		Task struct{ Examples []Example }
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	first := d.Lanes[0]
	if first.Name != "SFT" || first.Stages[0].Example == nil || len(first.Stages[0].Settings) < 5 ||
		len(first.Stages[0].Takes) != 3 || first.Stages[0].Settings[0].Value == "" ||
		first.Stages[0].Settings[0].Label != "learning rate" {
		t.Errorf("the first lane is %+v", first)
	}
	if len(d.Task.Examples) != len(r.Task.Levels) {
		t.Errorf("%d examples for %d levels", len(d.Task.Examples), len(r.Task.Levels))
	}
	for i, e := range d.Task.Examples {
		p := r.Task.EvalPrompts(r.Task.Levels[i].Name, 1)[0]
		if r.Task.Reward(p, e.Response) != 1 {
			t.Errorf("the example %s%s is wrong", e.Prompt, e.Response)
		}
	}
}

// The rows and demonstrations that a page shows are right answers to training problems. None of
// them is to a held-out problem.
func TestDemonstrationsAreOfTrainingProblems(t *testing.T) {
	for _, k := range task.All() {
		if len(Standard().basesOf(k)) == 0 {
			continue
		}
		d := parsed(t, k.Name+"?lane=sft").Describe()
		for _, e := range []Example{d.Task.Row, *d.Lanes[0].Stages[0].Example} {
			p, err := k.Problem(e.Prompt)
			if err != nil {
				t.Errorf("task %s: %v", k.Name, err)
				continue
			}
			if k.HeldOut(p) || k.Reward(p, e.Response) <= 0 {
				t.Errorf("task %s shows %s%s: held out %v, reward %v", k.Name, e.Prompt, e.Response,
					k.HeldOut(p), k.Reward(p, e.Response))
			}
		}
		if _, err := k.ReadData("row.csv",
			"prompt,answer\n"+d.Task.Row.Prompt+","+d.Task.Row.Response+"\n"); err != nil {
			t.Errorf("task %s refuses its own row: %v", k.Name, err)
		}
	}
}

// The menu has every method and every exhibit.
func TestTheMenuIsWhole(t *testing.T) {
	m := Standard().Menu()
	if len(m.Methods) != len(method.All()) || len(m.Exhibits) != len(Standard().Exhibits()) ||
		len(m.Tasks) == 0 {
		t.Errorf("the menu has %d methods, %d exhibits and %d tasks", len(m.Methods),
			len(m.Exhibits), len(m.Tasks))
	}
}
