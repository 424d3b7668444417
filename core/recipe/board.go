package recipe

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/train"
)

// Board is the dial board for a stage: its position, what can be turned there, and the methods
// around it. It is sent to the page as JSON.
type Board struct {
	Method MenuEntry `json:"method"` // of the stage
	Label  string    `json:"label"`  // the method's, see [LaneName]
	// why the stage has no position, as a clause; "" if it has one. Then Turned to Nearest are nil.
	Off     string `json:"off"`
	Besides string `json:"besides"` // what else the stage's method does; "" for nothing
	Refused string `json:"refused"` // why the position cannot be trained; "" if it can

	Turned  *StageText       `json:"turned"`  // the stage as one of the method dials
	Formula [][]method.Piece `json:"formula"` // see [method.FormulaPieces]; nil if it is refused
	Dials   []BoardDial      `json:"dials"`
	Nearest []BoardNeighbour `json:"nearest"` // those of the same run first

	// How a token is pushed, see [method.PushesByRatio] and [method.PushesByRight]. They are empty
	// without a position and for one that is refused.
	ByRatio method.Pushes `json:"by_ratio"`
	ByRight method.Pushes `json:"by_right"`

	Named []BoardMethod `json:"named"` // the methods that have a position
	Apart []BoardApart  `json:"apart"` // the methods that have none
}

// StageText is a stage as links have it: a method with the settings that are not at their defaults,
// such as "lr=0.001".
type StageText struct {
	Method   string   `json:"method"`
	Settings []string `json:"settings"`
}

// BoardDial is a dial at the position of a [Board].
type BoardDial struct {
	Name  string `json:"name"` // see [method.DialAt]
	Label string `json:"label"`

	Choice *Setting `json:"choice"` // nil for a dial that is a number alone
	// Why each choice would be refused if only this dial were turned to it; "" for one that can be
	// trained.
	Refuses []string  `json:"refuses"`
	Numbers []Setting `json:"numbers"` // those that make a difference at this position

	Idle    string `json:"idle"`    // see [method.DialAt]
	Refused string `json:"refused"` // see [method.DialAt]
}

// BoardNeighbour is a method near the position of a [Board].
type BoardNeighbour struct {
	Name    string            `json:"name"`
	Label   string            `json:"label"` // see [LaneName]
	Title   string            `json:"title"`
	Besides string            `json:"besides"` // what the method does besides; "" for nothing
	Differs []BoardDifference `json:"differs"`
	// The method at settings at which it trains the same weights; nil if there are none.
	Same *StageText `json:"same"`
}

// BoardDifference is a setting in which a position differs from that of a method.
type BoardDifference struct {
	Dial string `json:"dial"` // its label
	Here string `json:"here"`
	Of   string `json:"of"`
}

// BoardMethod is a method that has a position.
type BoardMethod struct {
	MenuEntry
	Label   string    `json:"label"`   // see [LaneName]
	Besides string    `json:"besides"` // see [method.Method]
	Here    bool      `json:"here"`    // whether the board is at its position
	Stage   StageText `json:"stage"`   // the stage with the dials turned to its position
}

// BoardApart is a method that has no position.
type BoardApart struct {
	MenuEntry
	Why string `json:"why"` // what it is instead, as a clause
}

// Board returns the dial board for a stage of a lane.
func (r *Recipe) Board(lane, stage int) (Board, error) {
	if lane < 0 || lane >= len(r.Lanes) || stage < 0 || stage >= len(r.Lanes[lane]) {
		return Board{}, fmt.Errorf("the recipe has no stage %d of lane %d", stage+1, lane+1)
	}
	if !r.Task.HasPrompts() {
		return Board{}, errNoPrompts
	}
	s := r.Lanes[lane][stage]
	d := dialled{r.policy(), s.Method, stage == 0}
	b := Board{Method: menuOf([]method.Method{s.Method})[0], Label: LaneName(s.Method.Name),
		Besides: s.Method.Besides}
	turned, err := d.turn(s)
	if err != nil {
		b.Off = err.Error()
	} else if err := d.check(turned); err != nil {
		b.Refused = err.Error()
	}
	d.addMethods(&b, turned)
	if b.Off == "" {
		d.addPosition(&b, turned)
	}
	return b, nil
}

// dialled makes the board for a stage.
type dialled struct {
	policy policy
	method method.Method // the stage's
	first  bool          // whether the stage is the first of its lane
}

// turn returns the settings of the method dials at which it trains what the stage does. If there
// are none, the error says why, and of the stage's settings those are kept that are not the
// method's.
func (d dialled) turn(s train.Stage) (param.Values, error) {
	v := param.Defaults(d.policy.stageKnobs(method.Dials, d.first))
	own := s.Method.Defaults()
	position, err := s.Method.Position(s.Values)
	for _, k := range s.Values.Knobs() {
		text := s.Values.Text(k.Name)
		switch {
		case own.Has(k.Name) || text == usual(k):
		case v.Has(k.Name):
			_ = v.Set(k.Name, text) // no error, since it is the same knob
		case err == nil:
			err = fmt.Errorf("the dial board has no %s of %s except the default", k.Name,
				s.Method.Name)
		}
	}
	if err != nil {
		return v, err
	}
	return v, copySettings(v, position, func(string) bool { return true })
}

// usual returns the default of a knob as a text.
func usual(k param.Knob) string { return param.Defaults([]param.Knob{k}).Text(k.Name) }

// copySettings sets the knobs of to that from has too, if wanted returns true for their names.
func copySettings(to, from param.Values, wanted func(name string) bool) error {
	for _, k := range from.Knobs() {
		if to.Has(k.Name) && wanted(k.Name) {
			if err := to.Set(k.Name, from.Text(k.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// check returns why a stage of dials cannot be trained at these settings.
func (d dialled) check(v param.Values) error {
	return d.policy.check(train.Stage{Method: method.Dials, Values: v})
}

// addMethods adds the methods that a lane can be turned to, and those that it cannot. From a stage
// without a position a method is taken up with its own learning rate and group, since those of the
// stage were made for something else.
func (d dialled) addMethods(b *Board, turned param.Values) {
	b.Named, b.Apart = []BoardMethod{}, []BoardApart{}
	methods := d.policy.methods()
	entries := menuOf(methods) // which also sorts methods by family
	for i, m := range methods {
		if m.Apart != "" {
			b.Apart = append(b.Apart, BoardApart{entries[i], m.Apart})
		}
		position, err := m.Position(m.Defaults())
		if m.Dials == "" || err != nil {
			continue
		}
		v, wanted := turned.Clone(), method.IsDial
		if b.Off != "" {
			wanted = func(string) bool { return true }
		}
		// no error, since turned has all knobs of the position with the same ranges
		_ = copySettings(v, position, wanted)
		b.Named = append(b.Named, BoardMethod{
			MenuEntry: entries[i], Label: LaneName(m.Name), Besides: m.Besides,
			Here:  b.Off == "" && method.Differences(turned, position) == nil,
			Stage: StageText{method.Dials.Name, settingsOf(v)},
		})
	}
}

// settingsOf returns the settings that are not at their defaults.
func settingsOf(v param.Values) []string { return append([]string{}, v.Changed()...) }

// addPosition adds what is about a position.
func (d dialled) addPosition(b *Board, turned param.Values) {
	b.Turned = &StageText{method.Dials.Name, settingsOf(turned)}
	b.Formula = method.FormulaPieces(turned)
	b.ByRatio, b.ByRight = method.PushesByRatio(turned), method.PushesByRight(turned)
	for _, at := range method.DialsAt(turned) {
		b.Dials = append(b.Dials, d.dial(at, turned))
	}
	for _, n := range method.Nearest(turned, d.policy.methods()) {
		b.Nearest = append(b.Nearest, d.neighbour(n, turned))
	}
	slices.SortStableFunc(b.Nearest, func(x, y BoardNeighbour) int {
		return rank(x.Same) - rank(y.Same)
	})
}

// rank orders neighbours of the same run before the others.
func rank(same *StageText) int {
	if same != nil {
		return 0
	}
	return 1
}

// dial returns a dial at a position.
func (d dialled) dial(at method.DialAt, turned param.Values) BoardDial {
	b := BoardDial{Name: at.Name, Idle: at.Idle, Refused: at.Refused, Numbers: []Setting{}}
	for _, name := range at.Numbers {
		b.Numbers = append(b.Numbers, settingNamed(turned, name))
	}
	s := settingNamed(turned, at.Name)
	b.Label = s.Label()
	if s.Type != param.TypeChoice {
		return b
	}
	b.Choice = &s
	for _, choice := range s.Choices {
		why, v := "", turned.Clone()
		err := v.Set(at.Name, choice)
		if err == nil {
			err = d.check(v)
		}
		if err != nil {
			why = err.Error()
		}
		b.Refuses = append(b.Refuses, why)
	}
	return b
}

// settingNamed returns a knob with its setting.
func settingNamed(v param.Values, name string) Setting {
	all := settings(v)
	return all[slices.IndexFunc(all, func(s Setting) bool { return s.Name == name })]
}

// neighbour returns a method near a position.
func (d dialled) neighbour(n method.Neighbour, turned param.Values) BoardNeighbour {
	b := BoardNeighbour{Name: n.Method.Name, Label: LaneName(n.Method.Name),
		Title: n.Method.Title, Besides: n.Method.Besides, Differs: []BoardDifference{},
		Same: d.same(n.Method, turned)}
	for _, diff := range n.Differs {
		knob := settingNamed(turned, diff.Name).Knob
		label := knob.Label()
		if diff.Name == "kl" { // whose label is about its form, and there may be no KL at all
			label = "KL"
		}
		b.Differs = append(b.Differs, BoardDifference{label, titled(knob, diff.Here),
			titled(knob, diff.Of)})
	}
	return b
}

// titled returns a setting in words. Of [method.Difference], none and forward are no settings of
// the knob kl.
func titled(k param.Knob, text string) string {
	if i := slices.Index(k.Choices, text); i >= 0 && k.Titles != nil {
		return k.Titles[i]
	}
	if text == "forward" {
		return "exact KL(π_ref‖π)"
	}
	return text
}

// same returns a method at settings at which it trains the same weights as dials at these, and nil
// if there are none.
func (d dialled) same(m method.Method, turned param.Values) *StageText {
	if m.Besides != "" {
		return nil
	}
	knobs := d.policy.stageKnobs(m, d.first)
	s := train.Stage{Method: m, Values: param.Defaults(knobs)}
	fixed := m.Fixed()
	if copySettings(s.Values, turned,
		func(name string) bool { return !slices.Contains(fixed, name) }) != nil {
		return nil
	}
	back, err := d.turn(s)
	if err != nil || method.Differences(turned, back) != nil {
		return nil
	}
	for _, k := range turned.Knobs() {
		if !method.IsDial(k.Name) && turned.Text(k.Name) != back.Text(k.Name) {
			return nil
		}
	}
	return &StageText{m.Name, settingsOf(s.Values)}
}
