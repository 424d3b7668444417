package scene

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
)

var reward = Scene{
	Name:  "reward",
	Title: "Reward",
	Doc: "Above: the score that is learned from (proxy), a reward model's or that of a reward " +
		"of one's own. Below: what it stands for (gold). To the right: the distance from the " +
		"base, the root of KL(base‖policy). Where the score goes on rising and gold falls, the " +
		"policy has found what the score is wrong about.",
	Shows:   Recipe.proxied,
	Picture: drawReward,
	Table:   tabulateReward,
}

// proxied reports whether a lane learns from a score that stands for the verifier's reward.
func (r Recipe) proxied() bool { return r.RewardModel || r.OwnReward }

// unknown stands for a missing value. Unlike NaN it equals itself.
var unknown = math.Inf(1)

// opinion has how a policy was scored at a step. Numbers may be unknown.
type opinion struct {
	step     int
	distance float64 // root of KL(base‖policy)
	gold     float64 // mean reward at the practised level
	proxy    float64 // mean score that is learned from
}

// opinion returns the opinion at a step. If there is none, it adds one with unknown numbers.
func (t *laneRecord) opinion(step int) *opinion {
	at, known := slices.BinarySearchFunc(t.opinions, step,
		func(o opinion, step int) int { return o.step - step })
	if !known {
		t.opinions = slices.Insert(t.opinions, at, opinion{step, unknown, unknown, unknown})
	}
	return &t.opinions[at]
}

// judge adds the scores of an event. The answers that an update learns from were sampled by the
// policy before it, so their score belongs to the step before.
func (t *laneRecord) judge(practised string, e protocol.Event) {
	for _, m := range e.Metrics {
		switch {
		case !finite(m.Value):
		case e.Kind == protocol.Updated && m.Name == "train/score_mean" && e.Step > 0:
			t.opinion(e.Step - 1).proxy = m.Value
		case e.Kind == protocol.Measured && m.Name == "eval/"+practised+"/reward":
			t.opinion(e.Step).gold = min(max(m.Value, 0), 1)
		case e.Kind == protocol.Measured && m.Name == "eval/"+practised+"/kl_base_policy_nats":
			t.opinion(e.Step).distance = math.Sqrt(max(m.Value, 0))
		}
	}
}

// judged returns the opinions of a lane with known distance and gold reward, in the order of steps.
func (r *Record) judged(lane int) (all []opinion) {
	for _, o := range r.lanes[lane].opinions {
		if finite(o.distance) && finite(o.gold) {
			all = append(all, o)
		}
	}
	return all
}

// verdicts is one of the two parts of the picture.
type verdicts struct {
	name   string
	titles []string // the longest first
	box    Box
	scale  scale
	of     func(opinion) float64
}

func (v verdicts) place(o opinion, reach float64) Point {
	return Point{v.box.X + o.distance/reach*v.box.W, v.box.Y + v.box.H*(1-v.scale.share(v.of(o)))}
}

func proxyOf(o opinion) float64 { return o.proxy }
func goldOf(o opinion) float64  { return o.gold }

func drawReward(r *Record, _ View, w, h float64) Picture {
	p := Picture{w: w, h: h}
	if w < 160 || h < 160 || len(r.lanes) == 0 {
		return p
	}
	scores, reach := r.scores()
	if len(scores) == 0 && !r.recipe.proxied() {
		p.say("No proxy here: it is the score that a lane of RLHF learns from, as in the exhibit " +
			"of reward hacking, or a lane with a reward of one's own.")
		return p
	}
	top := margin + p.legend(r)
	proxy := around("", scores)
	left := margin + 10 + max(proxy.gutter(), whole.gutter())
	frame := Box{left, top, w - left - margin - 12, h - top - margin - 2*ticksHigh}
	const gap = titleHigh + 8
	each := (frame.H - 2*gap) / 2
	if each < 24 || frame.W < 60 {
		return p
	}
	parts := []verdicts{
		{"proxy", []string{"Proxy: the score that is learned from", "Proxy: the score",
			"Proxy"}, Box{frame.X, frame.Y + gap, frame.W, each}, proxy, proxyOf},
		{"gold", []string{"Gold: what it stands for", "Gold"},
			Box{frame.X, frame.Y + each + 2*gap, frame.W, each}, whole, goldOf},
	}
	for _, part := range parts {
		p.scale(part)
		for lane := range r.lanes {
			p.verdicts(r, lane, part, reach)
		}
	}
	if lines := broken("The score appears with the first update.", frame.W-16); len(scores) == 0 &&
		8+noteHigh*float64(len(lines)) < each {
		p.notes("awaited", lines, Point{frame.X + 8, parts[0].box.Y + 14}, Start)
	}
	bottom := parts[1].box
	for _, t := range ticks(reach, bottom.W, 8, "√nats") {
		p.word(Word{Key: fmt.Sprint("panel distance ", t.at), Text: t.text,
			At: Point{bottom.X + t.at/reach*bottom.W + t.shift,
				bottom.Y + bottom.H + 13}, Anchor: t.anchor, Size: tickSize, Role: Soft})
	}
	p.word(Word{Key: "panel distance",
		Text: firstFit(w-2*margin, labelSize, false, "distance from the base, √KL(base‖policy) →",
			"distance from the base →"), At: Point{w - margin, h - margin -
			9}, Anchor: End, Size: labelSize, Role: Soft})
	return p
}

// scores returns all scores that are learned from. reach is the largest distance.
func (r *Record) scores() (scores []float64, reach float64) {
	for lane := range r.lanes {
		for _, o := range r.judged(lane) {
			reach = max(reach, o.distance)
			if finite(o.proxy) {
				scores = append(scores, o.proxy)
			}
		}
	}
	if reach <= 0 {
		reach = 1
	}
	return scores, reach
}

// scale draws the axes of a part.
func (p *Picture) scale(v verdicts) {
	key := "panel " + v.name
	p.word(Word{Key: key, Text: firstFit(v.box.W, titleSize, true, v.titles...),
		At: Point{v.box.X, v.box.Y -
			titleHigh/2}, Anchor: Start, Size: titleSize, Bold: true, Role: Ink})
	grid := v.scale.grid
	if v.box.H < 20*float64(len(grid)) {
		grid = v.scale.ends().grid
	}
	for i, value := range grid {
		y := v.box.Y + v.box.H*(1-v.scale.share(value))
		p.Lines = append(p.Lines,
			Line{Key: fmt.Sprint(key, i), Points: []Point{{v.box.X, y}, {v.box.X + v.box.W, y}},
				Width: 1, Role: Rule, Alpha: 1})
		p.word(Word{Key: fmt.Sprint(key, i), Text: v.scale.tick(value), At: Point{v.box.X - 6, y},
			Anchor: End, Size: tickSize, Role: Soft})
	}
}

// verdicts draws the way of a lane in a part: small marks where it was measured, and a large one
// where it is now.
func (p *Picture) verdicts(r *Record, lane int, v verdicts, reach float64) {
	key := fmt.Sprint(v.name, " ", lane)
	line := Line{Key: key, Width: 2, Role: LaneRole(lane), Alpha: 0.7}
	for _, o := range r.judged(lane) {
		if !finite(v.of(o)) {
			continue
		}
		at := v.place(o, reach)
		line.Points = append(line.Points, at)
		p.Dots = append(p.Dots,
			Dot{Key: fmt.Sprint(key, " ", o.step), At: at, Size: 6, Shape: LaneShape(lane),
				Role: LaneRole(lane)})
		p.spots = append(p.spots,
			spot{Box{at.X - 7, at.Y - 7, 14, 14}, func() []Row { return r.opinionRows(lane, o) }})
	}
	if n := len(line.Points); n > 0 {
		last := &p.Dots[len(p.Dots)-1]
		last.Size, last.Rim = 11, 2
	}
	p.line(line)
}

func (r *Record) opinionRows(lane int, o opinion) []Row {
	rows := []Row{
		{Text: fmt.Sprintf("%s after %d updates", r.recipe.Lanes[lane].Label, o.step),
			Role: LaneRole(lane)},
		{Text: "distance from the base", Value: figure(o.distance) + " √nats", Role: Soft},
	}
	if finite(o.proxy) {
		rows = append(rows, Row{Text: "proxy, score", Value: figure(o.proxy), Role: Ink})
	}
	return append(rows, Row{Text: "gold, reward", Value: prose.Percent(o.gold), Role: Ink})
}

// tabulateReward returns a row for each measurement.
func tabulateReward(r *Record, _ View) Table {
	t := Table{
		Caption: "The score that each lane learns from (proxy, the mean of the next update's " +
			"answers) and what it stands for (gold, the mean reward), by the distance from the " +
			"base",
		Head: []string{"lane", "updates", "√KL(base‖policy)", "proxy", "gold"},
	}
	for lane, l := range r.recipe.Lanes {
		for _, o := range r.judged(lane) {
			proxy := ""
			if finite(o.proxy) {
				proxy = figure(o.proxy)
			}
			t.Rows = append(t.Rows,
				[]string{l.Label, strconv.Itoa(o.step), figure(o.distance), proxy,
					prose.Percent(o.gold)})
		}
	}
	return t
}
