package verdict

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
)

// headline returns a sentence about which lanes got better or worse at what: first what all lanes
// have in common, then what each did besides. Lanes that did the same share a clause. everybody is
// the phrase for all lanes.
func headline(levels []task.Level, lanes []Lane, changes [][]change, everybody string) string {
	var parts []string
	common := shared(changes)
	if clause := did(levels, common); clause != "" && len(lanes) > 1 {
		parts = append(parts, everybody+" "+clause)
	} else {
		common = make([]change, len(levels))
	}
	var clauses []string
	for k := range lanes {
		clause := rest(levels, &lanes[k], changes[k], common)
		if clause == "" || slices.Contains(clauses, clause) {
			continue
		}
		clauses = append(clauses, clause)
		var who []string
		for other := k; other < len(lanes); other++ {
			if rest(levels, &lanes[other], changes[other], common) == clause {
				who = append(who, quoted(lanes[other].Name))
			}
		}
		if len(who) == len(lanes) && len(who) > 1 {
			who = []string{everybody}
		}
		parts = append(parts, prose.List(who)+" "+clause)
	}
	return prose.Capital(strings.Join(parts, "; ")) + "."
}

// shared returns by level the change that all lanes have in common, and "" if they have none.
func shared(changes [][]change) []change {
	common := slices.Clone(changes[0])
	for _, own := range changes[1:] {
		for i := range common {
			if own[i] != common[i] {
				common[i] = ""
			}
		}
	}
	return common
}

// rest returns a clause about the changes of a lane besides those that all have in common. It
// returns "" if there is nothing to add.
func rest(levels []task.Level, l *Lane, own, common []change) string {
	left := slices.Clone(own)
	for i := range left {
		if common[i] == own[i] {
			left[i] = ""
		}
	}
	clause := did(levels, left)
	switch {
	case l.still():
		return "learned nothing"
	case clause == "" && did(levels, common) == "":
		return "did not differ clearly from the base"
	}
	return clause
}

// did returns a clause about what changed at which levels. It returns "" if nothing did.
func did(levels []task.Level, changes []change) string {
	verb, of := "got ", " at "
	words := map[change]string{better: "better", worse: "worse", muchWorse: "much worse"}
	if levels[0].Measure != "" {
		verb, of = "came to cover ", " of "
		words = map[change]string{better: "more", worse: "less", muchWorse: "much less"}
	}
	var parts []string
	for _, c := range []change{better, worse, muchWorse} {
		var titles []string
		for i, level := range levels {
			if changes[i] == c {
				titles = append(titles, level.Title)
			}
		}
		switch {
		case len(titles) == len(levels) && len(titles) > 2:
			return verb + words[c] + of + "everything"
		case titles != nil:
			parts = append(parts, words[c]+of+prose.List(titles))
		}
	}
	switch {
	case parts == nil:
		return ""
	case len(parts) == 3:
		return verb + parts[0] + ", " + parts[1] + ", and " + parts[2]
	case len(parts) == 2 && strings.HasPrefix(parts[0], words[better]):
		return verb + strings.Join(parts, " but ")
	default:
		return verb + strings.Join(parts, " and ")
	}
}

// names returns the names of lanes as a list in a sentence.
func names(lanes []Lane) string {
	var all []string
	for _, l := range lanes {
		all = append(all, quoted(l.Name))
	}
	return prose.List(all)
}

// everybody returns the phrase for all of at least two lanes.
func everybody(lanes int) string {
	if lanes == 2 {
		return "both lanes"
	}
	numbers := []string{3: "three", 4: "four"}
	if lanes < len(numbers) {
		return "all " + numbers[lanes] + " lanes"
	}
	return "all " + strconv.Itoa(lanes) + " lanes"
}

// quoted returns a lane's name for a sentence: in quotation marks, unless it is one word that
// begins with a capital.
func quoted(name string) string {
	if first, _ := utf8.DecodeRuneInString(name); unicode.IsUpper(first) &&
		!strings.ContainsRune(name, ' ') {
		return name
	}
	return "“" + name + "”"
}
