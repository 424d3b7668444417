package method

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/internal/extreme"
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/param"
)

// Every method is a position of the dials, or says what it is instead.
func TestEveryMethodIsOnTheDialBoardOrSaysWhatItIs(t *testing.T) {
	for _, m := range All() {
		if m.Name == Dials.Name {
			continue
		}
		if (m.Dials == "") == (m.Apart == "") || m.Besides != "" && m.Dials == "" {
			t.Errorf("%s: Dials is %q, Besides %q and Apart %q: want Dials or Apart", m.Name,
				m.Dials, m.Besides, m.Apart)
		}
		_, err := m.Position(m.Defaults())
		if (err == nil) != (m.Dials != "") || err != nil && err.Error() != m.Apart {
			t.Errorf("%s: its position is refused with %v", m.Name, err)
		}
	}
}

// At its position the dials give the coefficients of the method to the bit: at its defaults, and at
// the ends of every knob that the position has.
func TestPositionsHaveTheCoefficientsOfTheirMethods(t *testing.T) {
	for _, m := range All() {
		if m.Dials == "" {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			samePushes(t, m, m.Defaults(), 40)
			for _, k := range m.Knobs {
				for _, text := range extreme.Settings(k) {
					v := m.Defaults()
					set(t, v, k.Name, text)
					_, err := m.Position(v)
					switch kept := strings.Contains(","+m.Dials, ","+k.Name+"="); {
					case err == nil:
						samePushes(t, m, v, 10)
					case Dials.Defaults().Has(k.Name) && !kept:
						t.Errorf("%s=%s: %v", k.Name, text, err)
					}
				}
			}
		})
	}
}

// samePushes fails unless the coefficients of a method and those of the dials at its position are
// the same on some batches.
func samePushes(t *testing.T, m Method, v param.Values, batches int) {
	t.Helper()
	position, err := m.Position(v)
	if err == nil {
		err = Dials.CheckSettings(position)
	}
	if err != nil {
		t.Fatalf("%v: %v", v.Changed(), err)
	}
	for seed := range uint64(batches) {
		batch := lab.New(seed, v).Batch
		if !lab.EqualBits(lab.Add(m.Build(v), batch), lab.Add(Dials.Build(position), batch)) {
			t.Fatalf("%v, seed %d: dials,%s has other coefficients", v.Changed(), seed,
				strings.Join(position.Changed(), ","))
		}
	}
	if a, b := m.Build(v).Needs(), Dials.Build(position).Needs(); a != b {
		t.Errorf("%v: it needs %v, and the dials need %v", v.Changed(), a, b)
	}
}

func set(t *testing.T, v param.Values, name, text string) {
	t.Helper()
	if err := v.Set(name, text); err != nil {
		t.Fatal(err)
	}
}

// A setting that the board does not have moves a method off it.
func TestNoPosition(t *testing.T) {
	for _, c := range []struct{ method, name, text, want string }{
		{"dapo", "l_max", "8", "the dial board has no l_max of dapo except the default"},
		{"una", "beta", "0.5", "the dial board has no beta of una except the default"},
		{"topr", "ratio", "token", "the dial board has no ratio of topr except the default"},
		{"dpo", "lr", "0.001", "it compares two answers: a push depends on the pair and not on " +
			"one answer"},
	} {
		m, err := Lookup(c.method)
		if err != nil {
			t.Fatal(err)
		}
		v := m.Defaults()
		set(t, v, c.name, c.text)
		if _, err := m.Position(v); err == nil || err.Error() != c.want {
			t.Errorf("%s with %s=%s: %v, want %s", c.method, c.name, c.text, err, c.want)
		}
	}
	_, err := Method{Name: "own"}.Position(param.Values{})
	if err == nil || err.Error() != "method own does not say where it is on the dial board" {
		t.Errorf("a method without a position: %v", err)
	}
}

// Nothing can be chosen that no method is made of.
func TestEveryPartIsThatOfAMethod(t *testing.T) {
	used := map[string]bool{}
	for _, m := range All() {
		if position, err := m.Position(m.Defaults()); err == nil && m.Name != Dials.Name {
			for _, d := range dials() {
				used[d.name+"="+position.Text(d.name)] = true
			}
		}
	}
	for _, d := range dials() {
		for _, p := range d.parts {
			if !used[d.name+"="+p.name] {
				t.Errorf("%s=%s is no part of any method", d.name, p.name)
			}
		}
	}
}

// at returns the position with these settings.
func at(t *testing.T, settings ...string) param.Values {
	t.Helper()
	v := Dials.Defaults()
	for _, s := range settings {
		name, text, _ := strings.Cut(s, "=")
		set(t, v, name, text)
	}
	return v
}

// The nearest method to a method's position is the method itself, alone and with no difference,
// unless it differs from the dials in more than its position.
func TestNearestToAMethodIsTheMethod(t *testing.T) {
	for _, m := range All() {
		if m.Dials == "" || m.Besides != "" {
			continue
		}
		position, err := m.Position(m.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		near := Nearest(position, All())
		if len(near) != 1 || near[0].Method.Name != m.Name || near[0].Differs != nil {
			t.Errorf("%s: nearest are %s", m.Name, described(near))
		}
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ settings, want string }{
		{"", "grpo: kl none not loss; passk: advantage z_score not passk; " +
			"sapo: limit clip not gate"},
		{"average=tokens,source=varied", "dapo: eps_high 0.2 not 0.28"},
		{"average=sum,advantage=leave_one_out", "dr_grpo: advantage leave_one_out not mean; " +
			"maxrl: advantage leave_one_out not over_mean; rloo: denominator behaviour not policy"},
		{"source=demos,advantage=one,denominator=policy,average=sum",
			"sft: average sum not tokens; una: advantage one not implicit"},
		// what makes no difference does not count
		{"advantage=mean,denominator=policy,average=sum,span=answer,limit=cap,eps_low=0.5",
			"reinforce"},
		{"advantage=weighted,average=tokens,lambda=0.5",
			"nsr: lambda 0.5 not 0; w_reinforce: lambda 0.5 not 0.1"},
		// rlhf's reward is a model's, which no dial says
		{"beta=0.2", "grpo: beta 0.2 not 0.04"},
	} {
		settings := strings.FieldsFunc(c.settings, func(r rune) bool { return r == ',' })
		if got := described(Nearest(at(t, settings...), All())); got != c.want {
			t.Errorf("%s: %s, want %s", c.settings, got, c.want)
		}
	}
	if near := Nearest(Dials.Defaults(), nil); near != nil {
		t.Errorf("of no methods, %s is the nearest", described(near))
	}
}

// described returns neighbours as "sft: average sum not tokens; una: ...".
func described(near []Neighbour) string {
	var all []string
	for _, n := range near {
		var differs []string
		for _, d := range n.Differs {
			differs = append(differs, d.Name+" "+d.Here+" not "+d.Of)
		}
		all = append(all, strings.TrimSuffix(n.Method.Name+": "+strings.Join(differs, ", "), ": "))
	}
	return strings.Join(all, "; ")
}

func TestFormulaAt(t *testing.T) {
	grpo, err := GRPO.Position(GRPO.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		position param.Values
		want     string
	}{
		{grpo, GRPO.Formula},
		{at(t, "advantage=mean", "average=sum", "beta=0.1"), DrGRPO.Formula},
		{at(t, "advantage=over_mean", "average=sum"), "J = (1/n) Σ_i Σ_t min(ρ_it·A_i, " +
			"clip(ρ_it, 1−eps_low, 1+eps_high)·A_i), A_i = (r_i − mean)/mean in the group, 0 " +
			"where the mean is 0, ρ = π/π_old"},
		{at(t, "source=demos", "advantage=one", "denominator=policy", "average=tokens"),
			"J = (1/N) Σ_i Σ_t log π(a_it|s_it) over the N tokens of all demonstrations"},
		{at(t, "source=demos", "advantage=one", "denominator=one", "limit=free", "beta=0.1"),
			"J = (1/n) Σ_i (1/T_i) Σ_t [ ρ_it − β·KL(π_ref‖π)_it ] over demonstrations, ρ = π"},
		{at(t, "advantage=mean", "dual_clip=3"), "J = (1/n) Σ_i (1/T_i) Σ_t min(ρ_it·A_i, " +
			"clip(ρ_it, 1−eps_low, 1+eps_high)·A_i), A_i = r_i − mean(r in the group), " +
			"ρ = π/π_old, where A < 0 the minimum is at least dual_clip·A"},
		{at(t, "advantage=signed", "span=answer", "limit=taper", "average=sum", "entropy=0.1"),
			"J = (1/n) Σ_i Σ_t [ f(ρ_i)·A_i·log π(a_it|s_it) + entropy·H_it ], A_i = 2r_i − 1, " +
				"ρ_i = Π_t π/π_old, f(ρ) = 1 where A > 0, min(ρ, 1) elsewhere"},
		{at(t, "span=mean", "limit=free", "tokens=entropy", "kl=reward", "beta=0.1", "alpha=0.4"),
			"J = (1/n) Σ_i (1/T_i) Σ_t m_it·ρ_i·Â_it·log π(a_it|s_it), A_i = (r_i − mean)/(std + " +
				"1e-4) in the group, Â_it = A_i + min(alpha·H_it, |A_i|/kappa), H held fixed, " +
				"β·Σ_t log(π_old/π_ref) is taken from r_i, " +
				"ρ_i = (Π_t π/π_old)^(1/T_i), m_it = 1 where H_it is in the highest share, else 0"},
		{at(t, "advantage=returns", "limit=free", "average=tokens", "kl=reward", "beta=0.1"),
			"J = (1/N) Σ_i Σ_t ρ_it·A_it over the N tokens of all answers, A = (R − mean)/(std + " +
				"1e-4) over the tokens of the batch, R_it = Σ_{s≥t} gamma^(s−t)·r_is, r_is = r_i " +
				"at the last token and 0 before, β·log(π_old/π_ref) is taken from every r_is, " +
				"ρ = π/π_old"},
		{at(t, "advantage=right", "denominator=policy", "kl=reward", "beta=0.1"),
			"J = (1/n) Σ_i (1/T_i) Σ_t A_i·log π(a_it|s_it), A_i = 1[r_i = 1], β·(κ_i − mean κ " +
				"in the group) is taken from A_i, κ_i = Σ_t log(π_old/π_ref)"},
		{at(t, "source=demos"), ""},
	} {
		if got := FormulaAt(c.position); got != c.want {
			t.Errorf("%v:\n%s, want\n%s", c.position.Changed(), got, c.want)
		}
	}
}

// A position that cannot be trained says why, and has no coefficients.
func TestRefusedPositions(t *testing.T) {
	for _, c := range []struct{ settings, want string }{
		{"source=demos", "method dials: advantage=z_score compares sampled answers by their " +
			"rewards, and source=demos has none: want advantage=one, implicit or teacher, or " +
			"source=rollouts"},
		{"source=demos,advantage=one,tokens=kl_cov", "tokens=kl_cov picks tokens of sampled"},
		{"source=demos,advantage=one,entropy=0.1", "want entropy=0"},
		{"advantage=one,kl=reward,beta=0.1", "advantage=one has no reward that could be"},
		{"limit=ease", "want both of them, or another limit"},
		{"limit=ease,advantage=solve_rate,denominator=reference", "want both of them"},
		{"limit=ease,denominator=policy", ""},
		{"advantage=one,kl=reward", ""},
		{"source=demos,advantage=one,kl=reward,beta=0.1", ""},
	} {
		v := at(t, strings.Split(c.settings, ",")...)
		err := Dials.CheckSettings(v)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.settings, err, c.want)
		}
		if needs := Dials.Build(v).Needs(); err != nil && needs != 0 {
			t.Errorf("%s: it is refused and needs %v", c.settings, needs)
		}
	}
	if err := GRPO.CheckSettings(GRPO.Defaults()); err != nil {
		t.Errorf("grpo refuses its defaults: %v", err)
	}
}
