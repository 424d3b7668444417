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

// headline says in one sentence who got better at what and who got worse: first what all lanes have in common, then what else each
// did, lanes of which the same is to be said together. everybody is what all lanes are called.
func headline(levels []task.Level, lanes []Lane, changes [][]change, everybody string) string {
	var parts []string
	common := shared(changes)
	if said := did(levels, common); said != "" && len(lanes) > 1 {
		parts = append(parts, everybody+" "+said)
	} else {
		common = make([]change, len(levels))
	}
	var told []string
	for k := range lanes {
		said := rest(levels, &lanes[k], changes[k], common)
		if said == "" || slices.Contains(told, said) {
			continue
		}
		told = append(told, said)
		var who []string
		for other := k; other < len(lanes); other++ {
			if rest(levels, &lanes[other], changes[other], common) == said {
				who = append(who, quoted(lanes[other].Name))
			}
		}
		if len(who) == len(lanes) && len(who) > 1 {
			who = []string{everybody}
		}
		parts = append(parts, prose.List(who)+" "+said)
	}
	return upper(strings.Join(parts, "; ")) + "."
}

// shared are the changes that all lanes have in common, "" at the other levels.
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

// rest is what a lane did besides what all have in common; "" for nothing that has to be said.
func rest(levels []task.Level, l *Lane, own, common []change) string {
	left := slices.Clone(own)
	for i := range left {
		if common[i] == own[i] {
			left[i] = ""
		}
	}
	said := did(levels, left)
	switch {
	case l.still():
		return "learned nothing"
	case said == "" && did(levels, common) == "":
		return "stayed about as good as the base"
	}
	return said
}

// did says what changed, and at which levels; "" when nothing did.
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

// names lists lanes by their names.
func names(lanes []Lane) string {
	var all []string
	for _, l := range lanes {
		all = append(all, quoted(l.Name))
	}
	return prose.List(all)
}

// everybody is all of at least two lanes.
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

// quoted is a lane's name as a sentence has it: in quotation marks, unless it is one word that looks like a name.
func quoted(name string) string {
	if first, _ := utf8.DecodeRuneInString(name); unicode.IsUpper(first) && !strings.ContainsRune(name, ' ') {
		return name
	}
	return "“" + name + "”"
}

func upper(s string) string {
	letters := []rune(s)
	letters[0] = unicode.ToUpper(letters[0])
	return string(letters)
}
