package design

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// maxConfigs is the most configs that one arm can have.
const maxConfigs = 10_000

// expand returns the lanes that a lane with ranges stands for. A method or a value of a setting may
// be several, as in sft|dft or lr=1e-4|1e-3, and a whole number may be a range, as in steps=1..5.
// The first range varies slowest.
func expand(lane string) ([]string, error) {
	all := []string{""}
	for i, stage := range strings.Split(lane, "~") {
		for j, part := range strings.Split(stage, ",") {
			values, err := alternatives(part, j == 0)
			if err != nil {
				return nil, err
			}
			separator := ""
			switch {
			case j > 0:
				separator = ","
			case i > 0:
				separator = "~"
			}
			if len(all)*len(values) > maxConfigs {
				return nil, fmt.Errorf("the ranges of %s make more than %d configs",
					param.Quote(lane), maxConfigs)
			}
			all = product(all, separator, values)
		}
	}
	return all, nil
}

// product returns every prefix followed by every value.
func product(prefixes []string, separator string, values []string) []string {
	all := make([]string, 0, len(prefixes)*len(values))
	for _, prefix := range prefixes {
		for _, value := range values {
			all = append(all, prefix+separator+value)
		}
	}
	return all
}

// alternatives returns what a part of a stage stands for: a method, or a setting with its key.
func alternatives(part string, isMethod bool) ([]string, error) {
	key, text, isSetting := strings.Cut(part, "=")
	if isMethod || !isSetting {
		key, text = "", part
	} else {
		key += "="
	}
	var all []string
	for value := range strings.SplitSeq(text, "|") {
		if len(all) > maxConfigs {
			break // expand refuses it
		}
		first, last, isRange := strings.Cut(value, "..")
		switch {
		case value == "" && strings.Contains(text, "|"):
			return nil, fmt.Errorf("the range %s has an empty value: want one on each side of |",
				param.Quote(part))
		case !isRange:
			all = append(all, key+value)
		default:
			numbers, err := wholeNumbers(first, last, maxConfigs)
			if err != nil {
				return nil, fmt.Errorf("the range %s%w; for other numbers write them out, as in "+
					"1e-4|1e-3", key, err)
			}
			for _, n := range numbers {
				all = append(all, key+strconv.FormatUint(n, 10))
			}
		}
	}
	return all, nil
}

// wholeNumbers returns the whole numbers of a range. The error begins with the range.
func wholeNumbers(first, last string, most uint64) (all []uint64, err error) {
	from, err1 := strconv.ParseUint(first, 10, 53)
	to, err2 := strconv.ParseUint(last, 10, 53)
	text := first + ".." + last
	switch {
	case err1 != nil || err2 != nil:
		return nil, fmt.Errorf("%s: want A..B with two whole numbers", text)
	case to < from:
		return nil, fmt.Errorf("%s is empty: want A..B with A at most B", text)
	case to-from >= most:
		return nil, fmt.Errorf("%s has %d numbers: want at most %d", text, to-from+1, most)
	}
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all, nil
}
