package method

import (
	"math"
	"testing"
)

// near fails unless a curve has the value y at x.
func near(t *testing.T, what string, c Curve, x, y float64) {
	t.Helper()
	for _, p := range c {
		if math.Abs(p.X-x) < 1e-9 {
			if math.Abs(p.Y-y) > 1e-3 {
				t.Errorf("%s: at %v the push is %v, want %v", what, x, p.Y, y)
			}
			return
		}
	}
	t.Errorf("%s: there is no point at %v in %v", what, x, c)
}

// The curves of a position have the values that its formula gives by hand.
func TestPushes(t *testing.T) {
	grpo := PushesByRatio(at(t))
	near(t, "a right answer within the clip", grpo.Right, 1.1, 1.1)
	near(t, "a right answer past the clip", grpo.Right, 1.5, 0)
	near(t, "a wrong answer within the clip", grpo.Wrong, 1.5, -1.5)
	near(t, "a wrong answer past the clip", grpo.Wrong, 0.5, 0)
	capped := PushesByRatio(at(t, "limit=cap", "advantage=mean"))
	near(t, "a right answer past the cap", capped.Right, 1.5, 0.6)
	whole := PushesByRatio(at(t, "span=answer", "limit=free"))
	near(t, "the ratio of a whole answer", whole.Right, 1.5, 2.25)
	held := PushesByRatio(at(t, "advantage=mean", "limit=free", "beta=1"))
	near(t, "with a KL", held.Right, 2, 1-(1-0.5))

	solved := PushesByRight(at(t, "advantage=mean"))
	near(t, "the only right answer", solved.Right, 1, 7.0/8)
	near(t, "a wrong answer beside it", solved.Wrong, 1, -1.0/8)
	near(t, "where all are right", solved.Right, 8, 0)
	if len(solved.Right) != 8 || len(solved.Wrong) != 8 {
		t.Errorf("there are %d points of right and %d of wrong answers", len(solved.Right),
			len(solved.Wrong))
	}
	demos := at(t, "source=demos", "advantage=one", "denominator=one", "limit=free")
	near(t, "a demonstrated token at its probability", PushesByRatio(demos).Right, 1, 0.4)
	if p := PushesByRight(demos); p.Right != nil || PushesByRatio(demos).Wrong != nil {
		t.Errorf("demonstrations have right and wrong ones: %v", p)
	}
	if p := PushesByRatio(at(t, "source=demos")); p.Right != nil {
		t.Errorf("a refused position pushes %v", p)
	}
}

// Every method has finite pushes.
func TestPushesOfAllMethods(t *testing.T) {
	for _, m := range All() {
		if m.Dials == "" {
			continue
		}
		v, err := m.Position(m.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []Pushes{PushesByRatio(v), PushesByRight(v)} {
			if len(p.Right) == 0 && !isOfDemos(v) {
				t.Errorf("%s: nothing is pushed", m.Name)
			}
			for _, c := range []Curve{p.Right, p.Wrong} {
				for _, q := range c {
					if math.IsNaN(q.Y) || math.IsInf(q.Y, 0) {
						t.Errorf("%s: the push at %v is %v", m.Name, q.X, q.Y)
					}
				}
			}
		}
	}
}
