package scene

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

func lookedUp(t *testing.T, name string) task.Task {
	t.Helper()
	k, err := task.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Every answer is drawn as often as it is counted, the most frequent first.
func TestAnswers(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, _ *Record) {
		samples := randomSamples(r, 1+r.IntN(64))
		drawn := 0
		all := answers(samples)
		for i, a := range all {
			drawn += a.drawn
			if i > 0 && a.drawn > all[i-1].drawn {
				t.Errorf("answer %d was drawn more often than the one before", i)
			}
		}
		if drawn != len(samples) {
			t.Errorf("%d of %d samples are counted", drawn, len(samples))
		}
	})
}

// The maze is that of the task: a way is drawn to the target just where the task rewards the
// response, of expert and base, and of what is no way at all. The walls and the moves of this
// package are the task's own rules, written down again because the stage's program cannot hold the
// trainer's numerics.
func TestMazeIsTheTasks(t *testing.T) {
	maze := lookedUp(t, "maze")
	for _, level := range maze.Levels {
		for i, p := range maze.EvalPrompts(level.Name, 64) {
			m, ok := readPlan(p.Prompt)
			if !ok {
				t.Fatalf("%s is not read", p.Prompt)
			}
			r := num.NewRand(uint64(i), "test", "maze")
			for try := range 6 {
				response := maze.Demonstrate(&r, p, param.Defaults(maze.Knobs))
				if try > 0 {
					letters := []byte(response)
					letters[r.IntN(len(letters))] = maze.Alphabet[r.IntN(len(maze.Alphabet))]
					response = string(letters)
				}
				if level.Name == "prior" {
					continue
				}
				squares, whole := m.way(response)
				arrives := whole && squares[len(squares)-1] == m.end
				if arrives != (maze.Reward(p, response) == 1) {
					t.Errorf("%s%s: arrives %v, earns %v", p.Prompt, response, arrives,
						maze.Reward(p, response))
				}
			}
			if told, whole := m.way(m.moves); level.Name == "prior" &&
				(!whole || len(told) != len(p.Answer)+1 || len(m.named(p.Answer)) != len(told)) {
				t.Errorf("%s: the moves lead over %v", p.Prompt, told)
			}
		}
	}
}

func atlas() *Atlas {
	drawn := task.Paths.Atlas()
	return &Atlas{drawn.Ring, drawn.Near}
}

// A way on the map is whole and ends where it should just where the task rewards it.
func TestPathsAreTheTasks(t *testing.T) {
	paths, m := lookedUp(t, "paths"), atlas()
	for i, p := range paths.EvalPrompts("id", 64) {
		r := num.NewRand(uint64(i), "test", "paths")
		for try := range 4 {
			letters := []byte(paths.Demonstrate(&r, p, param.Defaults(paths.Knobs)))
			if try > 0 {
				letters[r.IntN(len(letters))] = m.Ring[r.IntN(len(m.Ring))]
			}
			places, whole := m.way(string(letters), true, p.Prompt[1:3])
			if arrives := whole &&
				m.Ring[places[len(places)-1]] == p.Prompt[2]; arrives != (paths.Reward(p,
				string(letters)) == 1) {
				t.Errorf("%s%s: arrives %v, earns %v", p.Prompt, letters, arrives,
					paths.Reward(p, string(letters)))
			}
		}
	}
}

// A lock that opens is one whose settings are the task's answer.
func TestLockIsTheTasks(t *testing.T) {
	for _, lock := range atSizes(t, "lock") {
		for i, p := range lock.EvalPrompts("id", 64) {
			r := num.NewRand(uint64(i), "test", "lock")
			for _, style := range []string{"x", "y"} {
				v := param.Defaults(lock.Knobs)
				if err := v.Set("style", style); err != nil {
					t.Fatal(err)
				}
				if got := settingsOf(lock.Demonstrate(&r, p, v)); got != p.Answer {
					t.Errorf("%s is set to %s, want %s", p.Prompt, got, p.Answer)
				}
			}
		}
	}
}

// What the cards count adds up to the task's answer.
func TestCardsAreTheTasks(t *testing.T) {
	for _, cards := range atSizes(t, "cards") {
		for _, level := range []string{"id", "ood"} {
			for _, p := range cards.EvalPrompts(level, 64) {
				sum := 0
				for i := 1; i < len(p.Prompt)-1; i++ {
					sum += int(cardCounts(p.Prompt[0], p.Prompt[i])[0] - '0')
				}
				if want := string(rune('0' + sum%10)); want != p.Answer {
					t.Errorf("%s is counted as %s, not %s", p.Prompt, want, p.Answer)
				}
			}
		}
	}
}

// atSizes returns a task as it is for models of each size.
func atSizes(t *testing.T, name string) (all []task.Task) {
	t.Helper()
	for _, size := range []string{"page", "full", "large"} {
		k, err := lookedUp(t, name).Resized(size, nil)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, k)
	}
	return all
}

// Boards lie in the picture with no word upon another, for the prompts of every level and nonsense.
func TestWorlds(t *testing.T) {
	for _, name := range []string{"cards", "maze", "paths", "lock", "facts"} {
		k := lookedUp(t, name)
		for _, level := range k.Levels {
			for i, problem := range k.EvalPrompts(level.Name, 8) {
				r := num.NewRand(uint64(i), "test", "world")
				var samples []protocol.Sample
				for range 1 + r.IntN(20) {
					response := k.Demonstrate(&r, problem, param.Defaults(k.Knobs))
					samples = append(samples,
						protocol.Sample{Level: level.Name, Prompt: problem.Prompt,
							Response: response[:r.IntN(len(response)+1)], Finished: r.IntN(2) == 0,
							Reward: r.Float64(), Mark: []protocol.Mark{protocol.Right,
								protocol.Wrong, protocol.Graded}[r.IntN(3)]})
				}
				record := NewRecord(Recipe{Task: name, Atlas: atlas(), Lanes: []Lane{{"SFT", 9},
					{"GRPO", 9}}, Levels: []Level{{Name: "id", Metric: "eval/id/accuracy"}}})
				record.Add(0, protocol.Event{Kind: protocol.Looked, Samples: samples})
				w, h := 320+900*r.Float64(), 260+500*r.Float64()
				p := drawWorld(record, View{}, w, h)
				checkFinite(t, &p)
				places(&p, func(what string, at Point, around float64) {
					if at.X < around-0.01 || at.Y < around-0.01 || at.X > w-around+0.01 ||
						at.Y > h-around+0.01 {
						t.Errorf("%s %s: %v is not inside %.0f x %.0f", problem.Prompt, what, at, w,
							h)
					}
				})
				for a, word := range p.Words {
					for _, other := range p.Words[:a] {
						if word.Box().Meets(other.Box()) {
							t.Errorf("%s, %.0f x %.0f: %q and %q lie upon each other",
								problem.Prompt, w, h, word.Text, other.Text)
						}
					}
				}
				if boards[name] != nil && w > 700 && h > 500 && !strings.Contains(keys(p),
					"card 0") && !strings.Contains(keys(p), "square A") &&
					!strings.Contains(keys(p), "edge ") && !strings.Contains(keys(p), "dial 0") &&
					problem.Prompt[0] != 'R' {
					t.Errorf("%s has no board", problem.Prompt)
				}
			}
		}
	}
}

func keys(p Picture) string {
	var b strings.Builder
	for _, l := range p.Lines {
		b.WriteString(l.Key + "\n")
	}
	return b.String()
}
