package recipe

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

func TestLabelsAreUnique(t *testing.T) {
	for i := range uint64(300) {
		rng := num.NewRand(i, "test", "labels")
		r := parsed(t, randomLink(&rng))
		for range rng.IntN(4) {
			r.Lanes = append(r.Lanes, r.Lanes[rng.IntN(len(r.Lanes))])
		}
		labels := r.Labels()
		for j, label := range labels {
			var methods []string
			for _, stage := range r.Lanes[j] {
				methods = append(methods, stage.Method.Name)
			}
			if name := strings.Join(methods, "~"); label != name && !strings.HasPrefix(label,
				name+"-") || slices.Contains(labels[:j], label) {
				t.Fatalf("%s: labels %q", r.Link(), labels)
			}
		}
	}
	r := parsed(t, "cards?lane=sft&lane=grpo&lane=sft~grpo&lane=sft&lane=sft")
	if want := []string{"sft", "grpo", "sft~grpo", "sft-2", "sft-3"}; !slices.Equal(r.Labels(),
		want) {
		t.Errorf("labels %q, want %q", r.Labels(), want)
	}
}

func TestSet(t *testing.T) {
	r := parsed(t, "cards?lane=sft&lane=sft~grpo&lane=rloo")
	for _, c := range []struct{ name, text, want string }{
		{"eval_every", "7", today("cards?seed=1&eval_every=7&lane=sft&lane=sft~grpo&lane=rloo")},
		{"seed", "12", today("cards?seed=12&eval_every=7&lane=sft&lane=sft~grpo&lane=rloo")},
		{"style", "y",
			today("cards?seed=12&eval_every=7&lane=sft,style=y&lane=sft,style=y~grpo&lane=rloo")},
		{"group", "3", today(
			"cards?seed=12&eval_every=7&lane=sft,style=y&lane=sft,style=y~grpo,group=3&lane=rloo,group=3")},
	} {
		if err := r.Set(c.name, c.text); err != nil || r.Link() != c.want {
			t.Errorf("%s=%s: %s, %v; want %s", c.name, c.text, r.Link(), err, c.want)
		}
	}
	before := r.Link()
	for setting, want := range map[string]string{
		"grup=3":      `unknown setting "grup": did you mean group? accepted: seed, `,
		"group=0":     "group=0: expected a whole number",
		"style=":      "style=: expected one of",
		"eval_every=": "eval_every=: expected a whole number",
		"lane=sft":    `unknown setting "lane"`,
		"=":           `unknown setting ""`,
	} {
		name, text, _ := strings.Cut(setting, "=")
		if err := r.Set(name, text); err == nil || !strings.Contains(err.Error(), want) ||
			r.Link() != before {
			t.Errorf("%s: %v; now %s", setting, err, r.Link())
		}
	}
}

func TestSetStepsLeavesChainsAlone(t *testing.T) {
	r := parsed(t, "cards?lane=sft&lane=sft,steps=5~grpo&lane=rloo,steps=9")
	for lane := range r.Lanes {
		if err := r.SetSteps(lane, 3); err != nil {
			t.Error(err)
		}
	}
	if r.Link() !=
		today("cards?seed=1&lane=sft,steps=3&lane=sft,steps=5~grpo&lane=rloo,steps=3") {
		t.Error(r.Link())
	}
	before := r.Link()
	for _, steps := range []int{0, -1, 1 << 40} {
		if err := r.SetSteps(0, steps); err == nil || r.Link() != before {
			t.Errorf("%d steps: %v", steps, err)
		}
	}
}

func TestSetSeed(t *testing.T) {
	r := parsed(t, "cards?lane=sft")
	for _, seed := range []uint64{0, 7, 1<<53 - 1} {
		if err := r.SetSeed(seed); err != nil || r.Seed() != seed ||
			parsed(t, r.Link()).Seed() != seed {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
	for _, seed := range []uint64{1 << 53, 1<<64 - 1} {
		if err := r.SetSeed(seed); err == nil || r.Seed() != 1<<53-1 {
			t.Errorf("seed %d was taken", seed)
		}
	}
}

func TestACloneIsIndependent(t *testing.T) {
	for i := range uint64(200) {
		rng := num.NewRand(i, "test", "clone")
		r := parsed(t, randomLink(&rng))
		before := r.Link()
		c := r.Clone()
		if c.Link() != before || plainly(c) != plainly(r) {
			t.Fatalf("%s was cloned as %s", before, c.Link())
		}
		if err := c.SetSeed(r.Seed() ^ 1); err != nil {
			t.Fatal(err)
		}
		for _, lane := range c.Lanes {
			for _, stage := range lane {
				if err := stage.Values.Set("steps", "987654"); err != nil {
					t.Fatal(err)
				}
			}
		}
		c.Lanes[0] = c.Lanes[0][:0]
		c.Name, c.Engine = "other", 0
		if r.Link() != before {
			t.Fatalf("%s became %s when its clone changed", before, r.Link())
		}
	}
}

func TestExhibits(t *testing.T) {
	for _, e := range Standard().Exhibits() {
		for what, text := range map[string]string{"title": e.Title, "claim": e.Claim,
			"cite": e.Cite, "counter": e.Counter, "question": e.Question, "doc": e.Doc,
			"why": e.Why} {
			if len(strings.TrimSpace(text)) < 10 {
				t.Errorf("exhibit %s: %s is %q", e.Name, what, text)
			}
		}
		if !strings.HasSuffix(strings.TrimSpace(e.Question), "?") {
			t.Errorf("exhibit %s: %q asks nothing", e.Name, e.Question)
		}
		for _, h := range e.Hypotheses {
			if h.Says == "" {
				t.Errorf("exhibit %s: a hypothesis says nothing", e.Name)
			}
		}
		r := parsed(t, e.Name)
		if r.Name != e.Name || len(r.Lanes) == 0 || len(r.Link()) > 1000 {
			t.Errorf("exhibit %s is %s", e.Name, r.Link())
		}
		if found, err := Standard().Exhibit(e.Name); err != nil || !reflect.DeepEqual(found, e) {
			t.Errorf("exhibit %s is not found: %v", e.Name, err)
		}
	}
	if _, err := Standard().Exhibit("memorize"); err == nil ||
		!strings.Contains(err.Error(), "did you mean memorise?") {
		t.Errorf("an unknown exhibit: %v", err)
	}
}

// The keys of the page can stand in a link.
func TestPageKeys(t *testing.T) {
	for _, key := range pageKeys {
		if checkWord(key) != nil || strings.ContainsAny(key, "=&%~,") {
			t.Errorf("page key %q", key)
		}
	}
}

func TestBases(t *testing.T) {
	all := 0 // bytes of files
	for _, b := range Standard().Bases() {
		if file, err := readShipped(b.Name); (err != nil) != b.Computed {
			t.Errorf("base %s is computed: %v, and reading its file says %v", b.Name, b.Computed,
				err)
		} else {
			all += len(file)
		}
		if b.Title == "" || b.Doc == "" {
			t.Errorf("base %s has no title or doc", b.Name)
		}
		if found, err := Standard().Base(b.Name); err != nil || found.Name != b.Name {
			t.Errorf("base %s is not found: %v", b.Name, err)
		}
		p, err := Standard().LoadBase(b.Name)
		if err != nil {
			t.Errorf("base %s: %v", b.Name, err)
			continue
		}
		if p.Config != b.Config() {
			t.Errorf("base %s was pretrained as %+v, shipped as %+v", b.Name, b.Config(), p.Config)
		}
		for _, l := range b.Task.Levels {
			prompt := len(b.Task.MustEncode(b.Task.EvalPrompts(l.Name, 1)[0].Prompt))
			if need := prompt + b.Task.MaxResponse; need > p.Config.Context {
				t.Errorf("base %s holds %d tokens, and a prompt of level %s with the longest "+
					"response has %d", b.Name, p.Config.Context, l.Name, need)
			}
		}
		for i, w := range p.Data {
			if model.FromBF16(model.ToBF16(w)) != w {
				t.Fatalf("base %s: weight %d is %v", b.Name, i, w)
			}
		}
	}
	if all > 4_000_000 {
		t.Errorf("the bases have %d bytes together, want at most 4 MB", all)
	}
	missing := &Catalogue{readBase: readShipped, entries: Entries{Bases: []Base{{Name: "missing",
		Task: task.Cards, Shape: cardsShape}}}}
	if _, err := missing.LoadBase("missing"); err == nil || !strings.Contains(err.Error(),
		"posttrain pretrain missing --out core/recipe/bases/missing.msgp") {
		t.Errorf("a base that is not there: %v", err)
	}
	if _, err := Standard().Base("crads"); err == nil ||
		!strings.Contains(err.Error(), "did you mean cards?") {
		t.Errorf("an unknown base: %v", err)
	}
}

func TestPlan(t *testing.T) {
	r := parsed(t, "cards?seed=9&eval_every=3&eval_prompts=17&lane=sft,steps=4~grpo&lane=sft")
	lanes, err := r.Plan()
	if err != nil {
		t.Fatal(err)
	}
	if len(lanes) != 2 || lanes[0].Label != "sft~grpo" || lanes[1].Label != "sft" ||
		lanes[0].Steps() != 4+200 {
		t.Errorf("planned %d lanes, %s and %s", len(lanes), lanes[0].Label, lanes[1].Label)
	}
	for _, l := range lanes {
		if l.Seed != 9 || l.EvalEvery != 3 || l.EvalPrompts != 17 || l.Task.Name != "cards" ||
			l.Base == nil {
			t.Errorf("lane %s: seed %d, measured every %d on %d prompts", l.Label, l.Seed,
				l.EvalEvery, l.EvalPrompts)
		}
		if _, err := train.NewSession(train.Lane{Label: l.Label, Task: l.Task, Base: l.Base,
			Seed: l.Seed, Stages: l.Stages, EvalEvery: 1, EvalPrompts: 1},
			train.Options{Threads: 1}); err != nil {
			t.Errorf("lane %s cannot be run: %v", l.Label, err)
		}
	}
	r.Values = param.Defaults(r.Values.Knobs()[:3]) // as for a task without a base
	if _, err := r.Plan(); err == nil || !strings.Contains(err.Error(), "no base model") {
		t.Errorf("a task without a base: %v", err)
	}
}

func mustTask(t *testing.T, name string) task.Task {
	t.Helper()
	k, err := task.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
