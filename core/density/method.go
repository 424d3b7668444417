package density

import (
	"math"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
)

// Method is a way to learn the new mode, with what there is to say about it.
type Method struct {
	Name, Title, Cite, Doc, Formula, Deviations string

	Knobs []param.Knob
	Takes string // the data of an update, in words

	// Demonstrates reports whether draws are the target's, as demonstrations. Otherwise they are
	// the policy's own, each of them scored.
	Demonstrates bool

	// climb adds to g the ascent direction of one update: the mean over draws.
	climb func(q Mixture, v param.Values, r *num.Rand, g gradient) (metric protocol.Metric)
}

const cite = "Chen et al. 2025, arXiv:2510.18874 (Retaining by doing), and the authors' " +
	"simulation of two densities"

const changes = `The overlap of a mode is with all of q, in the authors' simulation of two modes with one component of it. The logarithms are exact, where theirs
have a floor.`

// knobs returns the knobs of a method, with this default for the learning rate.
func knobs(lr float64) []param.Knob {
	return []param.Knob{
		param.Integer("steps", "updates", 200, 1, 1_000_000,
			"How many updates the stage makes at most.").Logarithmic().ShownFirst(),
		param.Number("lr", "", lr, 1e-5, 1,
			"How far an update goes along the gradient (plain gradient ascent).").
			Logarithmic().Called("learning rate").ShownFirst(),
		param.Choice("modes", "two", []string{"two", "one"},
			"What the policy can be: two normal densities, one of which already stands in the "+
				"old mode, or a single one that has to leave it.").
			Called("densities of the policy").
			Naming("one for each mode", "a single one").ShownFirst(),
		param.Integer("samples", "draws", 1000, 1, 10_000,
			"Draws from which an update estimates its gradient.").
			Called("draws per update").Logarithmic(),
		param.Number("slow", "", 0.005, 0, 1,
			"Share of the learning rate that the component in the old mode and the weights "+
				"have, if there are two components: the paper's stand-in for a network that keeps "+
				"tasks apart. 1 makes no difference between them.").
			Called("learning rate of the old mode"),
		param.Number("until", "share", 0.9, 0, 1,
			"The stage ends early once it covers this share of the new mode, so that lanes "+
				"are compared where they have learned equally much. 1 makes all updates.").
			Called("stop when covered").ShownFirst(),
	}
}

// Methods returns the methods of this package.
func Methods() []Method { return []Method{SFT, REINFORCE} }

// SFT imitates draws of the target.
var SFT = Method{
	Name: "sft", Title: "Forward KL: imitate draws of the target", Cite: cite,
	Doc: `Draws numbers from the new mode of p, as demonstrations, and makes each of them likelier under q. What q does elsewhere earns
nothing, and what becomes likelier here has to become less likely there.`,
	Formula:    "J = E_x∼p_new [log q(x)], which is −KL(p_new‖q) and a constant",
	Deviations: changes,
	Knobs:      knobs(0.15),
	Takes:      "draws of p at every update, as demonstrations",

	Demonstrates: true,

	climb: imitate,
}

// REINFORCE learns from the rewards of the policy's own draws.
var REINFORCE = Method{
	Name: "reinforce", Title: "Reverse KL: REINFORCE on the policy's own draws", Cite: cite,
	Doc: `Draws numbers from q itself and makes those likelier that the new mode of p finds likelier than q does. It learns only from where q
already is, and walks there.`,
	Formula: "J = E_x∼q [r(x)], ∇J = E_x∼q [r(x) ∇log q(x)], r(x) = log p_new(x) − log " +
		"q_new(x) − log β held fixed",
	Deviations: changes,
	Knobs: append(knobs(0.01),
		param.Number("beta", "", 0.1, 1e-3, 10,
			"The paper's β: its logarithm is subtracted from every reward. There is no "+
				"baseline, so this decides which rewards count as good.").
			Logarithmic().Called("zero of the rewards (beta)").ShownFirst(),
		param.Choice("draws", "new", []string{"new", "whole"},
			"Which part of the policy q answers: only the component that practises, "+
				"weighted to stand for all of q as in the paper, or all of q, as when the "+
				"prompt does not say which task it is.").
			Called("draws from"),
	),
	Takes: "draws of q at every update, each of them scored",
	climb: reinforce,
}

// gradient holds the ascent direction of the weight, the mean and the deviation of every component.
// Of the weights, only the first has one, since all weights add up to 1.
type gradient []Component

// add adds scale times the gradient of log q at x.
func (g gradient) add(q Mixture, x, scale float64) {
	all := q.log(x)
	for k, c := range q {
		z := x - c.Mean
		share := num.Exp(num.Log(c.Weight) + c.Log(x) - all) // of the component in the density at x
		g[k].Mean += float64(scale * share * z / (c.Std * c.Std))
		g[k].Std += float64(scale * share * (float64(z*z)/(c.Std*c.Std) - 1) / c.Std)
		if len(q) > 1 {
			sign := 1.0
			if k > 0 {
				sign = -1
			}
			g[0].Weight += float64(scale * sign * share / c.Weight)
		}
	}
}

// norm returns the length of the gradient.
func (g gradient) norm() float64 {
	sum := 0.0
	for _, c := range g {
		sum += float64(c.Weight*c.Weight) + float64(c.Mean*c.Mean) + float64(c.Std*c.Std)
	}
	return math.Sqrt(sum)
}

func imitate(q Mixture, v param.Values, r *num.Rand, g gradient) protocol.Metric {
	n, loss := v.Int("samples"), 0.0
	for range n {
		x := target[New].draw(r)
		loss -= q.log(x) / float64(n)
		g.add(q, x, 1/float64(n))
	}
	return protocol.Metric{Name: "train/loss_nats", Value: loss}
}

func reinforce(q Mixture, v param.Values, r *num.Rand, g gradient) protocol.Metric {
	n, earned, offset := v.Int("samples"), 0.0, num.Log(v.Float("beta"))
	whole, practised := v.Choice("draws") == "whole", q[len(q)-1]
	own := num.Log(practised.Weight)
	for range n {
		x, stands := practised.draw(r), 1.0
		if whole {
			x = q.draw(r)
		}
		log := own + practised.Log(x)
		if !whole {
			stands = num.Exp(q.log(x) - log)
		}
		reward := target[New].Log(x) - log - offset
		earned += reward / float64(n)
		g.add(q, x, stands*reward/float64(n))
	}
	return protocol.Metric{Name: "train/reward_nats", Value: earned}
}
