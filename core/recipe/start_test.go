package recipe

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// A lane may name its own base, and Bases does not list bases without a file.
func TestLanesStartWhereTheySay(t *testing.T) {
	for link, want := range map[string][]string{
		"cards?lane=sft&lane=grpo": {"cards"},
		"cards?lane=sft&lane=grpo,base=cards_confused": {
			"cards", "cards_confused"},
		"cards?base=cards_confused&lane=sft~grpo&lane=grpo,base=cards~sft":             {"cards_confused", "cards"},
		"cards?lane=sft,base=cards_confused&lane=opd,base=cards_confused":              {"cards_confused", "cards_expert"},
		"lock?base=lock_untrained&lane=sft":                                            nil,
		"lock?lane=sft,base=lock_untrained&lane=sft":                                   {"lock"},
		"cards?base=file-0123456789abcdef&lane=sft,base=cards_expert&lane=sft,lr=1e-3": {"cards_expert"},
	} {
		r := parsed(t, link)
		if got := r.Bases(); got == nil || !slices.Equal(got, want) {
			t.Errorf("%s needs %v, want %v", link, got, want)
		}
		if again := parsed(t, r.Link()); again.Link() != r.Link() {
			t.Errorf("%s comes back as %s", r.Link(), again.Link())
		}
	}
	if _, err := Standard().Parse("cards?lane=sft~grpo,base=cards"); err == nil {
		t.Error("a later stage has a base of its own")
	}
	lanes, err := parsed(t, "cards?lane=sft&lane=sft,base=cards_confused").Plan()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"cards", "cards_confused"} {
		if want, err := Standard().LoadBase(name); err != nil ||
			lanes[i].Base.Digest() != want.Digest() {
			t.Errorf("lane %d starts elsewhere than from %s (%v)", i, name, err)
		}
	}
}

// A link with a base of the user's has its digest, and cannot be run before the base is given.
func TestABaseOfOnesOwn(t *testing.T) {
	params, err := Standard().LoadBase("cards_confused")
	if err != nil {
		t.Fatal(err)
	}
	own := &checkpoint.Model{Task: "cards", Params: params}
	r := parsed(t, "cards?lane=sft")
	if err := r.UseBase(own); err != nil {
		t.Fatal(err)
	}
	link := r.Link()
	if !strings.Contains(link, "&base=file-"+params.Digest()[:16]+"&") {
		t.Errorf("the link is %s", link)
	}
	if lanes, err := r.Clone().Plan(); err != nil || lanes[0].Base.Digest() != params.Digest() {
		t.Errorf("it does not start from the model that was given: %v", err)
	}
	again := parsed(t, link)
	if _, err := again.Plan(); err == nil || again.Link() != link {
		t.Errorf("%s runs without its base: %v", again.Link(), err)
	}
	if err := again.UseBase(own); err != nil {
		t.Error(err)
	}
	other, err := Standard().LoadBase("cards")
	if err != nil {
		t.Fatal(err)
	}
	if err := parsed(t, link).UseBase(&checkpoint.Model{Task: "cards", Params: other}); err == nil {
		t.Error("another base than the link's is taken")
	}
	if err := parsed(t, "lock?lane=sft").UseBase(own); err == nil {
		t.Error("a base of another task is taken")
	}
}

// Whether a method needs a teacher does not depend on its settings, so a lane can be refused when
// it is parsed. The exception is dials, which needs one where its advantage is a teacher's. Every
// task with a teacher accepts all methods.
func TestMethodsWithATeacher(t *testing.T) {
	taught := 0
	for i, m := range method.All() {
		isTaught := isTaught(train.Stage{Method: m, Values: m.Defaults()})
		if isTaught {
			taught++
		}
		for n := range uint64(20) {
			r := num.NewRand(n, "test", "teacher", uint64(i))
			values := m.Defaults()
			for _, setting := range someSettings(&r, m.Knobs) {
				name, text, _ := strings.Cut(setting, "=")
				if err := values.Set(name, text); err != nil {
					t.Fatal(err)
				}
			}
			if have := m.Build(values).Needs()&(objective.TeacherLogp|
				objective.TeacherDist) != 0; have != isTaught && m.Name != "dials" {
				t.Errorf("%s with %v: taught is %v", m.Name, values.Changed(), have)
			}
		}
	}
	if taught == 0 {
		t.Error("no method learns from a teacher")
	}
	for _, k := range task.All() {
		has := k.Teacher != ""
		if all := Standard().policyOn(k).methods(); has != (len(all) == len(method.All())) ||
			!has && len(all) != len(method.All())-taught {
			t.Errorf("%s has a teacher: %v, and %d methods", k.Name, has, len(all))
		}
	}
}
