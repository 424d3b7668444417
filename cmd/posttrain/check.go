package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/wasm/vocabulary"
)

type checkCommand struct {
	File   string `arg:"" help:"A sheet that a student has handed in, or a lesson, whose name ends in .md."`
	Lesson string `type:"file" placeholder:"FILE" help:"The lesson that the sheet is about, if it is not one of the program's."`
	Data   string `type:"file" placeholder:"FILE" help:"The rows of links that have only the name of a data set, as run --data reads them."`
	Long   bool   `help:"Compute the runs however long they take. Without it, a sheet whose runs would take hours is refused."`
	JSON   bool   `name:"json" help:"Print JSON."`
	caching
	threading
}

// Help returns the text below the summary of --help.
func (*checkCommand) Help() string {
	return `Examples:

  posttrain check sheet.json
  posttrain check sheet.json --lesson mine.md
  posttrain check mine.md

Every run of a sheet is computed again, and every number in it is compared, to the last bit. The
questions are compared with the lesson. The exit code is 0 if all is equal and 1 if anything
differs.

For a lesson it says what is in it, or what is wrong and in which line. How lessons are written is
in docs/lessons.md.`
}

// isLesson reports whether the file to check is a lesson.
func (c *checkCommand) isLesson() bool { return strings.EqualFold(filepath.Ext(c.File), ".md") }

func (c *checkCommand) Run(env *environment) error {
	if c.isLesson() {
		if c.Lesson != "" || c.Data != "" {
			return usage(errors.New("--lesson and --data are for sheets, and " + c.File +
				" is a lesson"))
		}
		l, err := readLesson(env, c.File)
		if err != nil {
			return err
		}
		if c.JSON {
			return env.out.json(l)
		}
		return printLesson(env.out, c.File, l)
	}
	text, err := readText(env, c.File)
	if err != nil {
		return err
	}
	s, err := lesson.ReadSheet([]byte(text))
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	l, err := c.lessonOf(env, s)
	if err != nil {
		return err
	}
	recipes, err := c.recipes(env, s)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if flops := arithmetic(recipes); flops > mostArithmetic && !c.Long {
		return usage(fmt.Errorf("%s: its runs take about %.0f TFLOP, which may be hours: want "+
			"--long to compute them all the same", c.File, flops/1e12))
	}
	results, err := c.results(env, recipes)
	if err != nil {
		return err
	}
	return c.report(env, s, s.Compare(l, results))
}

// readLesson reads a lesson from a file.
func readLesson(env *environment, file string) (*lesson.Lesson, error) {
	text, err := readText(env, file)
	if err != nil {
		return nil, err
	}
	l, err := lesson.Parse([]byte(text), vocabulary.Of(env.catalogue))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return l, nil
}

// lessonOf returns the lesson that a sheet is about.
func (c *checkCommand) lessonOf(env *environment, s *lesson.Sheet) (*lesson.Lesson, error) {
	if c.Lesson != "" {
		return readLesson(env, c.Lesson)
	}
	l, err := lesson.Lookup(s.Lesson, vocabulary.Of(env.catalogue))
	if err != nil {
		return nil, usage(fmt.Errorf("%s is about a lesson that is not one of the program's: name "+
			"its file with --lesson FILE: %w", c.File, err))
	}
	return l, nil
}

// recipes reads the links of the sheet's runs.
func (c *checkCommand) recipes(env *environment, s *lesson.Sheet) (all []*recipe.Recipe,
	err error) {
	for i, run := range s.Runs {
		r, err := env.catalogue.Parse(run.Link)
		if err == nil && r.Data != "" && r.UserData() == nil {
			err = (&runCommand{Data: c.Data}).readData(env, r)
		}
		if err == nil {
			err = r.Ready()
		}
		if err != nil {
			return nil, fmt.Errorf("runs[%d]: %w", i, err)
		}
		all = append(all, r)
	}
	return all, nil
}

// mostArithmetic bounds the arithmetic of a sheet's runs, in FLOPs. The sheet comes from somebody
// else. The runs of the built-in lessons take a small part of it.
const mostArithmetic = 200e12

// arithmetic returns an estimate of the arithmetic that different recipes take, with that of the
// bases that are not shipped, in FLOPs.
func arithmetic(recipes []*recipe.Recipe) (flops float64) {
	seen := map[string]bool{}
	for _, r := range recipes {
		if seen[r.Link()] {
			continue
		}
		seen[r.Link()] = true
		o := r.Outlay()
		flops += o.Training + o.Measuring
		for _, b := range r.Unshipped() {
			flops += b.Pretraining().FLOPs()
		}
	}
	return flops
}

// results computes the runs of recipes. Equal recipes are computed once.
func (c *checkCommand) results(env *environment, recipes []*recipe.Recipe) ([]*study.Result,
	error) {
	var all []*study.Result
	done := map[string]*study.Result{}
	for i, r := range recipes {
		result := done[r.Link()]
		if result == nil {
			fmt.Fprintf(env.err, "Run %d of %d: %s\n", i+1, len(recipes), printable(r.Link()))
			threads := int(c.Threads)
			err := enoughMemory("a run of these lanes", r.Bytes(threads))
			if err == nil {
				err = c.supply(env, r, threads)
			}
			if err == nil {
				result, err = study.Run(env, r, study.Options{Threads: threads, Clock: env.clock})
			}
			if errors.Is(err, context.Canceled) {
				return nil, env.interrupted(fmt.Sprintf("%d of %s were computed", i,
					prose.Count(len(recipes), "run")))
			}
			if err != nil {
				return nil, fmt.Errorf("runs[%d]: %w", i, err)
			}
			done[r.Link()] = result
		}
		all = append(all, result)
	}
	return all, nil
}

// report prints what the comparison of a sheet gave. It returns an error if anything differs.
func (c *checkCommand) report(env *environment, s *lesson.Sheet, o lesson.Outcome) error {
	if c.JSON {
		err := env.out.json(struct {
			Lesson  string `json:"lesson"`
			Student string `json:"student"`
			lesson.Outcome
		}{s.Lesson, s.Student, o})
		return errors.Join(err, c.differs(o))
	}
	w := newTable(env.out)
	row(w, "run", "lane", "updates", "numbers")
	for i, run := range s.Runs {
		for _, lane := range run.Lanes {
			row(w, fmt.Sprintf("runs[%d]", i), printable(lane.Label), fmt.Sprint(lane.Updates),
				fmt.Sprint(2+len(lane.Metrics)))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(env.out, "\nLesson %s, student %s: %s of it done.\n", printable(s.Lesson),
		printable(fmt.Sprintf("%q", s.Student)), done(s.Steps))
	for _, line := range answered(s) {
		fmt.Fprintln(env.out, printable(line))
	}
	for _, d := range o.Differences {
		fmt.Fprintln(env.out, printable(d))
	}
	if err := c.differs(o); err != nil {
		return err
	}
	_, err := fmt.Fprintf(env.out, "All %d numbers are what these links give.\n", o.Numbers)
	return err
}

// done returns how many steps of a lesson are done.
func done(steps []lesson.Progress) string {
	n := 0
	for _, s := range steps {
		if s.Done {
			n++
		}
	}
	return fmt.Sprintf("%d of %s", n, prose.Count(len(steps), "step"))
}

// answered returns the guess and the answers of a sheet in lines, for whoever marks them.
func answered(s *lesson.Sheet) (lines []string) {
	if s.Prediction.Guess != "" {
		lines = append(lines, "Guess: "+s.Prediction.Guess)
	}
	right, all := 0, 0
	for _, a := range s.Answers {
		verdict := "own words"
		if a.Right != nil {
			all++
			verdict = "wrong"
			if *a.Right {
				right++
				verdict = "right"
			}
		}
		lines = append(lines, fmt.Sprintf("%s (%s): %s", a.Step, verdict, a.Answer))
	}
	if all > 0 {
		lines = append(lines, fmt.Sprintf("%d of %s right.", right,
			prose.Count(all, "answer")))
	}
	return lines
}

// differs returns an error if a comparison found differences.
func (c *checkCommand) differs(o lesson.Outcome) error {
	if len(o.Differences) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s from what its lesson and its links give", c.File,
		prose.Count(len(o.Differences), "difference"))
}

// printLesson prints what is in a lesson.
func printLesson(out *output, file string, l *lesson.Lesson) error {
	w := newTable(out)
	row(w, "step", "goal", "")
	for _, s := range l.Steps {
		goal, kind := "read", ""
		if s.Goal != nil {
			goal = string(s.Goal.Kind)
		}
		switch {
		case s.Choices != nil:
			kind = prose.Count(len(s.Choices), "choice")
		case s.Link != "":
			kind = short(s.Link)
		}
		row(w, s.ID, goal, kind)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if questions := questionsOf(l); len(questions) > 0 {
		fmt.Fprintf(out, "\n%s\n", strings.Join(questions, "\n"))
	}
	_, err := fmt.Fprintf(out, "\n%s is a lesson of %s. Its digest is %s.\n", file,
		prose.Count(len(l.Steps), "step"), l.Digest)
	return err
}

// questionsOf returns the questions of a lesson with their choices.
func questionsOf(l *lesson.Lesson) (all []string) {
	if l.Predict != nil {
		all = append(all, asked(l.Predict.Question, l.Predict.Choices))
	}
	for _, s := range l.Steps {
		if s.Question == "" {
			continue
		}
		var choices []string
		for _, c := range s.Choices {
			if c.Right {
				c.Text += " (right)"
			}
			choices = append(choices, c.Text)
		}
		all = append(all, asked(s.Question, choices))
	}
	return all
}

// asked returns a question with its choices, none of which means an answer in one's own words.
func asked(question string, choices []string) string {
	if choices == nil {
		return question + " In one's own words."
	}
	return question + " " + strings.Join(choices, " | ")
}
