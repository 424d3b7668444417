// Package maps iterates over maps in every way there is. The number of lines that say "iterates" is what is to be found.
package maps

import (
	"maps"
	"slices"
	"sync"
)

type table map[string]int

func Plain(m map[string]int) (n int) {
	for _, v := range m { // iterates
		n += v
	}
	return n
}

func Named(t table) (n int) {
	for range t { // iterates
		n++
	}
	return n
}

func Generic[M ~map[K]V, K comparable, V any](m M) (n int) {
	for range m { // iterates
		n++
	}
	return n
}

func Sequence(m map[string]int) (n int) {
	for _, v := range maps.All(m) { // iterates
		n += v
	}
	return n
}

func Collected(m map[string]int) []string {
	return slices.Collect(maps.Keys(m)) // iterates
}

func Deleted(m map[string]int) {
	maps.DeleteFunc(m, func(string, int) bool { return true }) // iterates
}

func Concurrent(m *sync.Map) {
	m.Range(func(any, any) bool { return true }) // iterates
}

func Sorted(m map[string]int) (n int) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		n += m[k]
	}
	return n + len(maps.Clone(m))
}

func Lists(s []map[string]int) (n int) {
	for _, m := range s {
		n += m["x"]
	}
	return n
}
