package density

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
)

// The levels that are measured: what is practised and what was there before.
const (
	Practised = "id"
	Prior     = "prior"
)

// Lane is what a Session runs.
type Lane struct {
	Label     string
	Seed      uint64
	Stages    []Stage
	EvalEvery int // updates between measurements; the start and the end are always measured
}

// Stage is one method at its settings.
type Stage struct {
	Method Method
	Values param.Values
}

// Session advances one lane, as a train.Session does. It has no checkpoints, because starting again
// takes no time. It is not safe for concurrent use.
type Session struct {
	lane  Lane
	clock func() float64 // seconds; nil counts none

	start, q  Mixture
	stage     int
	stageStep int // updates made in this stage
	updates   int
	target    int // number of updates after which it stops
	level     int // next to be measured, while measuring
	measuring bool
	done      bool
	cost      protocol.Cost
	first     []protocol.Metric // before any update
	latest    []protocol.Metric
}

// ModeOf returns the mode of Target that a level measures.
func ModeOf(level string) int {
	if level == Prior {
		return Old
	}
	return New
}

// levels in the order in which they are measured.
var levels = []string{Practised, Prior}

// NewSession returns a lane's session at its start. It runs to the end unless a Command says
// otherwise.
func NewSession(lane Lane, clock func() float64) (*Session, error) {
	if len(lane.Stages) == 0 {
		return nil, fmt.Errorf("lane %s has no stage", lane.Label)
	}
	modes := lane.Stages[0].Values.Choice("modes")
	for _, s := range lane.Stages[1:] {
		if other := s.Values.Choice("modes"); other != modes {
			return nil, fmt.Errorf("lane %s begins with %s modes and has %s in a later stage: "+
				"want the same in all, since the first decides", lane.Label, modes, other)
		}
	}
	start := Start(modes)
	return &Session{lane: lane, clock: clock, start: start, q: slices.Clone(start),
		target: math.MaxInt, measuring: true}, nil
}

// Do carries out a command. There are no responses and no matrices, so Look, Ask, Explain and
// Compare report nothing, and Dissect is a Step.
func (s *Session) Do(c protocol.Command) error {
	switch c.Kind {
	case protocol.Run:
		s.target = math.MaxInt
	case protocol.Pause:
		s.target = s.updates
	case protocol.Step:
		if c.Steps < 1 {
			return fmt.Errorf("command step: steps is %d, want at least 1", c.Steps)
		}
		s.target = s.updates + c.Steps
	case protocol.Measure:
		s.measuring = !s.done
	case protocol.Look, protocol.Ask, protocol.Explain, protocol.Compare:
	case protocol.Dissect:
		if c.Steps > 0 {
			s.target = s.updates + c.Steps
		}
	default:
		return fmt.Errorf("unknown command %q: want %s, %s, %s or %s", c.Kind, protocol.Run,
			protocol.Pause, protocol.Step, protocol.Measure)
	}
	return nil
}

// Done reports whether the lane has reached its end.
func (s *Session) Done() bool { return s.done }

// Idle reports whether Advance has nothing to do.
func (s *Session) Idle() bool { return s.done || !s.measuring && s.updates >= s.target }

// Advance measures a level or makes one update.
func (s *Session) Advance() ([]protocol.Event, error) {
	switch {
	case s.Idle():
		return nil, nil
	case s.measuring:
		return s.measure(), nil
	default:
		return s.update()
	}
}

// measure measures one level.
func (s *Session) measure() []protocol.Event {
	if s.level == 0 {
		s.latest = nil
	}
	metrics := s.at(s.level)
	s.latest = append(s.latest, metrics...)
	events := []protocol.Event{s.event(protocol.Measured, metrics)}
	if s.level++; s.level == len(levels) {
		s.level, s.measuring = 0, false
		if s.first == nil {
			s.first = s.latest
		}
		if s.atEnd() {
			s.done = true
			events = append(events, s.event(protocol.Finished, slices.Clone(s.latest)))
		}
	}
	return events
}

// at returns the metrics of a level: how much of its mode is covered, and the component of q that
// started in it.
func (s *Session) at(level int) []protocol.Metric {
	prefix, mode := "eval/"+levels[level]+"/", ModeOf(levels[level])
	metrics := []protocol.Metric{{Name: prefix + "overlap", Value: Overlap(s.q, mode)}}
	if level == 0 {
		metrics = append(metrics,
			protocol.Metric{Name: prefix + "kl_base_policy_nats", Value: KL(s.start, s.q)})
	}
	if mode < len(s.q) {
		c := s.q[mode]
		metrics = append(metrics,
			protocol.Metric{Name: prefix + "component_weight", Value: c.Weight},
			protocol.Metric{Name: prefix + "component_mean",
				Value: c.Mean}, protocol.Metric{Name: prefix + "component_std", Value: c.Std})
	}
	return metrics
}

// update makes one update.
func (s *Session) update() ([]protocol.Event, error) {
	began := s.seconds()
	stage := s.lane.Stages[s.stage]
	r := num.NewRand(s.lane.Seed, "density", stage.Method.Name, uint64(s.stage),
		uint64(s.stageStep))
	g := make(gradient, len(s.q))
	metric := stage.Method.climb(s.q, stage.Values, &r, g)
	norm := g.norm()
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return nil, fmt.Errorf("lane %s diverged at step %d: the gradient is no longer finite; "+
			"try a lower lr than %s", s.lane.Label, s.updates, stage.Values.Text("lr"))
	}
	s.q.climb(g, stage.Values.Float("lr"), stage.Values.Float("slow"))
	s.count(stage)
	s.updates++
	s.stageStep++
	s.cost.Seconds += s.seconds() - began
	event := s.event(protocol.Updated,
		[]protocol.Metric{metric, {Name: "train/gradient_norm", Value: norm}})
	s.measuring = s.updates%s.lane.EvalEvery == 0 || s.atEnd()
	if s.ended() && s.stage < len(s.lane.Stages)-1 {
		s.stage, s.stageStep = s.stage+1, 0
	}
	return []protocol.Event{event}, nil
}

// climb moves q along the gradient. Parameters are rounded to float32, as those of a network are,
// so that the digest covers all of them.
func (q Mixture) climb(g gradient, lr, slow float64) {
	const least = 1e-3 // of a weight, its complement and a deviation
	last := len(q) - 1
	for k := range q {
		rate := lr
		if k < last {
			rate *= slow
		}
		q[k].Mean = single(q[k].Mean + float64(rate*g[k].Mean))
		q[k].Std = single(max(q[k].Std+float64(rate*g[k].Std), least))
	}
	if last > 0 {
		first := q[0].Weight + float64(lr*slow*g[0].Weight)
		q[0].Weight = single(min(max(first, least), 1-least))
		q[1].Weight = 1 - q[0].Weight
	}
}

func single(x float64) float64 { return float64(float32(x)) }

// count adds an update's data to the cost. There is no matrix product here, so there are no FLOPs.
func (s *Session) count(stage Stage) {
	n := stage.Values.Int("samples")
	s.cost.TokensTrained += n
	if stage.Method.Demonstrates {
		s.cost.Demonstrations += n
		return
	}
	s.cost.TokensGenerated += n
	s.cost.VerifierCalls += n
}

// ended reports whether the current stage is over.
func (s *Session) ended() bool {
	v := s.lane.Stages[s.stage].Values
	until := v.Float("until")
	return s.stageStep == v.Int("steps") ||
		until < 1 && s.stageStep > 0 && Overlap(s.q, New) >= until
}

func (s *Session) atEnd() bool { return s.stage == len(s.lane.Stages)-1 && s.ended() }

func (s *Session) seconds() float64 {
	if s.clock == nil {
		return 0
	}
	return s.clock()
}

func (s *Session) event(kind protocol.EventKind, metrics []protocol.Metric) protocol.Event {
	return protocol.Event{Kind: kind, Lane: s.lane.Label, Stage: s.stage, Step: s.updates,
		Metrics: metrics, Cost: s.cost}
}

// Metrics returns the newest measurements of every level.
func (s *Session) Metrics() []protocol.Metric { return slices.Clone(s.latest) }

// First returns the measurements before the first update.
func (s *Session) First() []protocol.Metric { return slices.Clone(s.first) }

// Cost returns what training has used so far.
func (s *Session) Cost() protocol.Cost { return s.cost }

// Updates returns the number of updates so far, over all stages.
func (s *Session) Updates() int { return s.updates }

// Digest returns the sha256 of q's weights, means and deviations as little-endian float32,
// component after component.
func (s *Session) Digest() string {
	var bytes []byte
	for _, c := range s.q {
		for _, x := range []float64{c.Weight, c.Mean, c.Std} {
			bytes = binary.LittleEndian.AppendUint32(bytes, math.Float32bits(float32(x)))
		}
	}
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}
