package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/annotation"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

type annotateCommand struct {
	Link string      `arg:"" help:"A link with a lane that has a reward model, such as 'taste?lane=rlhf,pairs=24'."`
	N    wholeNumber `short:"n" default:"24" from:"1" to:"200" help:"How many pairs to print."`
	JSON bool        `name:"json" help:"Print JSON."`
	caching
	threading
}

// Help returns the text below the summary of --help.
func (*annotateCommand) Help() string {
	return `Prints the first pairs of answers that the first lane's reward model learns from. Judge them, and write your labels into the link, a letter for each pair, as in lane=rlhf,pairs=24,judged=abba-a: a if the first answer is better, b if the second is, - to leave the pair to the simulated annotator. With such a link the command trains the reward models, not the policies, and prints what they learned. The command run trains the policies on them.`
}

func (c *annotateCommand) Run(env *environment) error {
	r, err := env.catalogue.Parse(c.Link)
	if err != nil {
		return usage(err)
	}
	if err := r.Ready(); err != nil {
		return usage(err)
	}
	numbers, letters := rewardModels(r)
	if len(numbers) == 0 {
		return usage(errors.New("no lane has a reward model in its first stage: want one of " +
			"rlhf, rlhf_ppo or best_of_n, such as 'taste?lane=rlhf'"))
	}
	if err := c.supply(env, r, int(c.Threads)); err != nil {
		return err
	}
	lanes, err := r.Open()
	if err != nil {
		return err
	}
	ask := func(lane int, kind protocol.CommandKind, n int) (protocol.Event, error) {
		s, err := lanes[lane](train.Options{Threads: int(c.Threads)})
		if err != nil {
			return protocol.Event{}, err
		}
		return answer(env, s, protocol.Command{Kind: kind, Samples: n})
	}
	judged := 0 // the number of pairs with a letter
	for _, l := range letters {
		judged = max(judged, len(l))
	}
	if judged == 0 {
		e, err := ask(numbers[0], protocol.Pair, int(c.N))
		if err != nil {
			return err
		}
		return c.printPairs(env.out, e.Pairs)
	}
	var examined []annotation.Lane
	for i, number := range numbers {
		e, err := ask(number, protocol.Examine, judged)
		if err != nil {
			return err
		}
		examined = append(examined, annotation.Lane{Name: r.Labels()[number], Judged: letters[i],
			Pairs: e.Pairs, Fresh: e.Fresh})
	}
	return c.printReport(env.out, annotation.Of(examined))
}

// rewardModels returns the numbers of the lanes whose first stage has a reward model, and the
// labels by a person of each of them.
func rewardModels(r *recipe.Recipe) (lanes []int, letters []string) {
	for i, lane := range r.Lanes {
		if v := lane[0].Values; v.Has("judged") {
			lanes, letters = append(lanes, i), append(letters, v.Text("judged"))
		}
	}
	return lanes, letters
}

// answer advances a lane until it has answered a command.
func answer(env *environment, s recipe.Session, c protocol.Command) (protocol.Event, error) {
	if err := s.Do(c); err != nil {
		return protocol.Event{}, err
	}
	for !s.Idle() && env.Err() == nil {
		events, err := s.Advance()
		if err != nil {
			return protocol.Event{}, err
		}
		for _, e := range events {
			if e.Kind == protocol.EventKind(c.Kind) {
				return e, nil
			}
		}
	}
	return protocol.Event{}, errors.Join(env.Err(), fmt.Errorf("command %s has no answer", c.Kind))
}

// printPairs prints pairs to be judged, without what the verifier thinks of them.
func (c *annotateCommand) printPairs(out *output, pairs []protocol.Comparison) error {
	if c.JSON {
		type pair struct {
			Prompt string `json:"prompt"`
			A      string `json:"a"`
			B      string `json:"b"`
		}
		var all []pair
		for _, p := range pairs {
			all = append(all, pair{p.First.Prompt, p.First.Response, p.Second.Response})
		}
		return out.json(all)
	}
	for i, p := range pairs {
		fmt.Fprintf(out, "%d. %s\n   a  %s\n   b  %s\n", i+1, p.First.Prompt, p.First.Response,
			p.Second.Response)
	}
	_, err := fmt.Fprintln(out, "\nWrite your labels into the link, one letter a pair: "+
		"judged=abba-a")
	return err
}

// printReport prints what reward models learned.
func (c *annotateCommand) printReport(out *output, r annotation.Report) error {
	if c.JSON {
		return out.json(r)
	}
	fmt.Fprintln(out, prose.Wrap(strings.Join(append([]string{r.Headline}, r.Says...), " "), ""))
	for _, t := range r.Tables {
		w := newTable(out)
		row(w, append([]string{t.Title}, t.Columns...)...)
		for _, line := range t.Rows {
			cells := []string{line.Title}
			for _, count := range line.Cells {
				cells = append(cells, shareIn(count))
			}
			row(w, cells...)
		}
		fmt.Fprintln(w)
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// shareIn returns a count with the interval of its share in per cent.
func shareIn(c annotation.Count) string {
	if c.Of == 0 {
		return "-"
	}
	return fmt.Sprintf("%s [%.0f, %.0f] %%", c, 100*c.Low, 100*c.High)
}
