package scene

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// A bar stands above its symbol where the token was made likelier and below where less likely, as
// high as the coefficient is large, and no bar leaves its token's place.
func TestBarsAreCoefficients(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		w, h := 320+r.Float64()*900, 260+r.Float64()*500
		p := tokens.Picture(record, View{}, w, h)
		bars, words := map[string]Area{}, map[string]Word{}
		for _, a := range p.Areas {
			bars[a.Key] = a
		}
		for _, word := range p.Words {
			words[word.Key] = word
		}
		for lane := range record.lanes {
			what, unit := record.lanes[lane].weighed, math.NaN()
			for i, response := range what.responses {
				for k, tok := range response.tokens {
					key := "tokens " + strconv.Itoa(lane) + " " + strconv.Itoa(i) + " " +
						strconv.Itoa(k)
					word, seen := words[key]
					bar, barred := bars[key]
					c := tok.push.Coefficient
					if !seen {
						continue // left out for want of room
					}
					if barred != (c != 0) {
						t.Fatalf("%s: a coefficient of %v has a bar: %v", key, c, barred)
					}
					if !barred {
						continue
					}
					top, bottom := bar.Upper[0].Y, bar.Lower[0].Y
					if c > 0 && bottom > word.At.Y || c < 0 && top < word.At.Y ||
						bar.Role != map[bool]Role{true: Good, false: Bad}[c > 0] {
						t.Errorf("%s: a coefficient of %v is drawn from %v to %v around %v in %s",
							key, c, top, bottom, word.At.Y, bar.Role)
					}
					if math.IsNaN(unit) {
						unit = (bottom - top) / math.Abs(c)
					}
					if high := bottom - top; math.Abs(high-unit*math.Abs(c)) > 1e-6 {
						t.Errorf("%s: %v is drawn %v high, others %v to 1", key, c, high, unit)
					}
				}
			}
		}
	})
}

// The table has the numbers of the equation in its caption, to its four digits.
func TestTokensTable(t *testing.T) {
	forMany(t, func(t *testing.T, _ *rand.Rand, record *Record) {
		table := tokens.Table(record, View{})
		at := map[string]int{}
		for i, name := range table.Head {
			at[name] = i
		}
		for _, row := range table.Rows {
			x := func(name string) float64 {
				if row[at[name]] == "" {
					return 0
				}
				v, err := strconv.ParseFloat(row[at[name]], 64)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			product, pulls := x("mask")*x("ratio")*x("advantage"), x("KL")+x("extra")
			sum := (product+pulls)*x("share") + x("other")
			if size := (math.Abs(product)+math.Abs(pulls))*x("share") +
				math.Abs(x("other")); math.Abs(sum-x("coefficient")) > 3e-3*size {
				t.Errorf("%q makes %v", row, sum)
			}
		}
	})
}

// The tip of a token has its factors and, in a pair, the margin.
func TestTokensHover(t *testing.T) {
	r := NewRecord(Recipe{Lanes: []Lane{{"DPO", 9}}})
	r.Add(0, protocol.Event{Kind: protocol.Explained, Step: 3, Samples: []protocol.Sample{{
		Prompt: "A1=", Response: "7", Finished: true, Logp: []float64{-0.5, -0.1}, Source: "chosen",
		Paired: true, Margin: 0.25, Reward: 1,
		Pushes: []protocol.Push{{Mask: 1, Ratio: 0.5, Advantage: 0.1, Share: 1, Coefficient: 0.05},
			{Mask: 0, Ratio: 1, Advantage: 2, Share: 1}},
	}}})
	p := tokens.Picture(r, View{}, 600, 400)
	var said []string
	for x := 0.0; x < 600; x += 5 {
		if tip := p.Point(Point{x, 80}).Tip; tip != nil {
			text := ""
			for _, row := range tip.Rows {
				text += row.Text + " " + row.Value + "; "
			}
			if len(said) == 0 || said[len(said)-1] != text {
				said = append(said, text)
			}
		}
	}
	if len(said) != 2 || !strings.Contains(said[0], "A1=│7") || !strings.Contains(said[0],
		"margin of the pair 0.25; mask 1; slope in the margin 0.5; times the "+
			"response's 0.1;") ||
		!strings.Contains(said[0], "coefficient 0.05;") || !strings.Contains(said[1], "A1=7│end") ||
		!strings.Contains(said[1], "mask 0;") {
		t.Errorf("the tokens say %q", said)
	}
	dashed := 0
	for _, l := range p.Lines {
		if l.Dash > 0 {
			dashed++
		}
	}
	if dashed != 1 {
		t.Errorf("%d tokens are marked as masked, want 1", dashed)
	}
}

// Tokens of the world look different and have no numbers.
func TestTokensOfTheWorld(t *testing.T) {
	r := NewRecord(Recipe{Lanes: []Lane{{"GRPO", 9}}})
	r.Add(0, protocol.Event{Kind: protocol.Explained, Step: 3, Samples: []protocol.Sample{{
		Prompt: "XAE:CFGM=", Response: "sE", Finished: true, Logp: []float64{-0.5, 0, -0.1},
		World: []bool{false, true, false}, Source: "rollout", Reward: 1,
		Pushes: []protocol.Push{{Mask: 1, Ratio: 1, Advantage: 1, Share: 0.5, Coefficient: 0.5}, {},
			{Mask: 1, Ratio: 1, Advantage: 1, Share: 0.5, Coefficient: 0.5}},
	}}})
	table := tokens.Table(r, View{})
	for i, want := range []string{"s", "E (the world's)", "end"} {
		row := table.Rows[i]
		if row[7] != want || len(row) != len(table.Head) || (row[8] == "") != (i == 1) ||
			(row[9] == "") != (i == 1) {
			t.Errorf("row %d is %q", i, row)
		}
	}
	p, told := tokens.Picture(r, View{}, 600, 400), false
	for x := 0.0; x < 600; x += 5 {
		if tip := p.Point(Point{x, 80}).Tip; tip != nil && strings.Contains(tip.Rows[0].Text,
			"XAE:CFGM=s│E") {
			told = strings.Contains(tip.Rows[1].Text, "said by the world")
		}
	}
	if !told {
		t.Error("nobody is told that the world said E")
	}
}
