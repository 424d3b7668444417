package scene

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// withItself returns a record and another one, of the same recipe and events, which has the same
// run once more beside its own.
func withItself(r *rand.Rand) (alone, both *Record) {
	recipe := randomRecipe(r)
	events := randomEvents(r, recipe)
	alone = record(recipe, events)
	recipe.Beside = []Beside{{Name: "seed 9", Lanes: recipe.Lanes}}
	both = record(recipe, events)
	for _, e := range events {
		e.lane += len(recipe.Lanes)
		if err := both.Add(e.lane, e.Event); err != nil {
			panic(err)
		}
	}
	return alone, both
}

// A kept run has the same numbers beside another run as alone: its curve goes through the same
// points, in the colour of the lane with the same name and dashed, and the tables have its values.
func TestBeside(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		alone, both := withItself(r)
		v := randomView(r, alone)
		n := len(alone.lanes)
		p := drawRace(both, v, 900, 600)
		lines := keyed(p.Lines, func(l Line) string { return l.Key })
		for _, panel := range both.panels(v) {
			for lane := range n {
				own := lines[fmt.Sprint("curve ", lane, " ", panel.metric)]
				kept := lines[fmt.Sprint("curve ", lane+n, " ", panel.metric)]
				if !slices.Equal(own.Points, kept.Points) {
					t.Fatalf("seed %d: the kept lane %d is drawn at %v, its own at %v", seed, lane,
						kept.Points, own.Points)
				}
				look := slices.Index(both.labels(), both.labels()[lane])
				if len(own.Points) > 0 && (kept.Dash == 0 || own.Dash != 0 ||
					kept.Role != LaneRole(look)) {
					t.Fatalf("seed %d: the kept lane %d is drawn as %+v", seed, lane, kept)
				}
			}
		}
		race := tabulateRace(both, v)
		before := tabulateRace(alone, v)
		for i, row := range race.Rows {
			wide := len(before.Rows[i])
			if !slices.Equal(row[:wide], before.Rows[i]) || !slices.Equal(row[wide:],
				before.Rows[i][1:]) {
				t.Fatalf("seed %d: row %q of the race, want %q and the same again", seed, row,
					before.Rows[i])
			}
			if !strings.Contains(race.Head[wide], ", seed 9, ") {
				t.Fatalf("seed %d: a column of the kept run is called %q", seed, race.Head[wide])
			}
		}
		plane, before := tabulatePlane(both, v), tabulatePlane(alone, v)
		if m := len(before.Rows); len(plane.Rows) != 2*m {
			t.Fatalf("seed %d: the plane has %d rows, want %d", seed, len(plane.Rows), 2*m)
		} else {
			for i, row := range before.Rows {
				if kept := plane.Rows[m+i]; kept[0] != row[0]+", seed 9" ||
					!slices.Equal(kept[1:], row[1:]) {
					t.Fatalf("seed %d: row %q of the plane, want %q", seed, kept, row)
				}
			}
		}
	}
}

// Runs beside are in no other picture, and a lane that is in none of them is refused.
func TestBesideIsOnlyInTheRaceAndThePlane(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		alone, both := withItself(r)
		for _, s := range All() {
			if s.Name == race.Name || s.Name == plane.Name || !s.Shows(alone.recipe) {
				continue
			}
			v := View{Scene: s.Name}
			if a, b := fmt.Sprint(s.Table(alone, v)), fmt.Sprint(s.Table(both, v)); a != b {
				t.Fatalf("seed %d: the table of %s is %s, without the kept run %s", seed, s.Name,
					b, a)
			}
		}
		n := 2 * len(alone.lanes)
		if err := both.Add(n, protocol.Event{}); err == nil || !strings.Contains(err.Error(),
			fmt.Sprint("want 0 to ", n-1)) {
			t.Errorf("lane %d gives %v", n, err)
		}
	}
}
