// Package globals declares variables. Exactly those marked "mutable" break the rule.
package globals

import (
	"errors"
	"slices"
)

type list []string

type entry struct{ Names []string }

var (
	Concat  = slices.Concat(hidden, hidden) // mutable
	List    = list{"a"}                     // mutable
	Map     map[string]int                  // mutable
	Pointer = &entry{}                      // mutable
	Slice   = []string{"a"}                 // mutable

	Entry   = entry{}
	Err     = errors.New("an error")
	Func    = func() []string { return nil }
	Title   = "a title"
	hidden  = []string{"a"}
	Numbers = [2]int{1, 2}
)
