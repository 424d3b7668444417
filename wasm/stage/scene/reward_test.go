package scene

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// Whom the reward model likes better is higher in one part, who is better in the other, and who is
// farther from the base is farther to the right in both.
func TestReward(t *testing.T) {
	compared := 0
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		p := drawReward(record, View{}, 500+r.Float64()*900, 400+r.Float64()*500)
		at := keyed(p.Dots, func(d Dot) string { return d.Key })
		type seen struct {
			opinion
			dots [2]Dot
		}
		var all []seen
		for lane := range record.lanes {
			for _, o := range record.judged(lane) {
				if !finite(o.proxy) {
					continue
				}
				s := seen{opinion: o}
				for i, name := range []string{"proxy", "gold"} {
					dot, ok := at[fmt.Sprint(name, " ", lane, " ", o.step)]
					if !ok {
						t.Fatalf("%s of lane %d at step %d is not drawn", name, lane, o.step)
					}
					if p.Point(dot.At).Tip == nil {
						t.Fatalf("nothing is read at %v", dot.At)
					}
					s.dots[i] = dot
				}
				all = append(all, s)
			}
		}
		for i, a := range all {
			for _, b := range all[:i] {
				compared++
				if (a.proxy > b.proxy) != (a.dots[0].At.Y < b.dots[0].At.Y) ||
					(a.gold > b.gold) != (a.dots[1].At.Y < b.dots[1].At.Y) {
					t.Errorf("%+v and %+v are drawn in another order", a, b)
				}
				for k := range a.dots {
					if (a.distance > b.distance) != (a.dots[k].At.X > b.dots[k].At.X) {
						t.Errorf("%+v and %+v are drawn in another order from left to right", a, b)
					}
				}
			}
		}
	})
	if compared == 0 {
		t.Error("no lane had a reward model")
	}
}

// The answers of an update come from the policy before it.
func TestAScoreBelongsToThePolicyThatSampled(t *testing.T) {
	record := NewRecord(Recipe{Lanes: []Lane{{"RLHF", 9}},
		Levels: []Level{{Name: "id", Metric: "eval/id/reward"}}})
	for _, e := range []protocol.Event{
		{Kind: protocol.Updated, Step: 5,
			Metrics: []protocol.Metric{{Name: "train/score_mean", Value: 3}}},
		{Kind: protocol.Measured, Step: 4,
			Metrics: []protocol.Metric{{Name: "eval/id/reward", Value: 0.5},
				{Name: "eval/id/kl_base_policy_nats", Value: 9}}},
		{Kind: protocol.Updated, Step: 4,
			Metrics: []protocol.Metric{{Name: "train/score_mean", Value: 2}}},
	} {
		if err := record.Add(0, e); err != nil {
			t.Fatal(err)
		}
	}
	if got := record.judged(0); len(got) != 1 || got[0] != (opinion{4, 3, 0.5, 3}) {
		t.Errorf("judged: %+v", got)
	}
}
