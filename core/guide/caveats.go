package guide

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Caveats says what the ranking of a setting cannot know, a sentence or two each.
func (f Found) Caveats(s Situation) (texts []string) {
	if len(f.Rows) == 0 {
		return nil
	}
	if n := len(f.Bases); n < fewest {
		texts = append(texts, fmt.Sprintf("%s %s few: with fewer than %d nothing is shown, "+
			"intervals of shares are wide, and other numbers have none.",
			count(n, "base", "bases"), plural(n, "is", "are"), fewest))
	}
	texts = append(texts, f.unmatched(s)...)
	for _, name := range f.Unmeasured {
		texts = append(texts, fmt.Sprintf("Not measured on this task: %s.", name))
	}
	for k, c := range f.Columns {
		var unknown []string
		for _, r := range f.Rows {
			if !r.Values[k].Known {
				unknown = append(unknown, r.Title)
			}
		}
		why := "it was not measured where their runs are looked at"
		if strings.HasPrefix(c.Metric, "cost/") {
			why = "some of their runs do not reach the target"
		}
		if unknown != nil {
			texts = append(texts, fmt.Sprintf("Not known in %s: %s, because %s.", c.short(),
				strings.Join(unknown, ", "), why))
		}
	}
	return texts
}

// alike is by how much the arithmetic of rows may differ and still be called equal.
const alike = 1.25

// arithmetic returns the rows with the least and with the most arithmetic.
func (f Found) arithmetic() (least, most Row) {
	less := func(a, b Row) int { return cmp.Compare(a.FLOPs, b.FLOPs) }
	return slices.MinFunc(f.Rows, less), slices.MaxFunc(f.Rows, less)
}

// unmatched says in what the rows were not treated alike.
func (f Found) unmatched(s Situation) (texts []string) {
	least, most := f.arithmetic()
	if most.FLOPs > alike*least.FLOPs && !s.limitsCosts() {
		texts = append(texts, fmt.Sprintf("The methods did not have equal arithmetic: %s took %s, "+
			"%s %s.", least.Title, amount(costFLOPs, least.FLOPs), most.Title,
			amount(costFLOPs, most.FLOPs)))
	}
	var tuned []string
	for _, r := range f.Rows {
		tuned = append(tuned, fmt.Sprintf("%s %d", r.Title, r.Configs))
	}
	if slices.ContainsFunc(f.Rows, func(r Row) bool { return r.Configs != f.Rows[0].Configs }) {
		texts = append(texts, fmt.Sprintf("They were not tuned alike. Configs to choose from: %s.",
			strings.Join(tuned, ", ")))
	}
	for _, l := range s.Limits {
		if l.Cost != costDemos {
			continue
		}
		for _, r := range f.Rows {
			if r.Cut > 0 && (Have{Gives: []Input{OwnDemos, ForeignDemos, OtherDemos}}).
				usedBy([]Row{r}) {
				texts = append(texts, fmt.Sprintf("%s is looked at when it has seen %s. It might "+
					"learn more from them by going through them again, which was not measured.",
					r.Title, amount(l.Cost, l.Most)))
			}
		}
	}
	return texts
}
