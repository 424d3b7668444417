package protocol

import (
	"encoding/json"
	"reflect"
	"testing"
)

// Every field of a cost is read under the name that JSON gives it, and is declared in full.
func TestEveryCostIsDeclared(t *testing.T) {
	for _, e := range Ledger() {
		var c Cost
		if err := json.Unmarshal([]byte(`{"`+e.Name+`":7}`), &c); err != nil || e.Of(c) != 7 {
			t.Errorf("%s is %v after 7 was read, %v", e.Name, e.Of(c), err)
		}
		if e.Title == "" || e.Unit == "" || e.Is == "" || e.Doc == "" {
			t.Errorf("something is missing of %+v", e)
		}
	}
	for field := range reflect.TypeFor[Cost]().Fields() {
		if adds := field.Tag.Get("adds"); adds != "sum" && adds != "most" {
			t.Errorf("%s adds %q, want sum or most", field.Name, adds)
		}
	}
}

func TestNoSuchEntry(t *testing.T) {
	for _, name := range []string{"", "flop", "cost/flops", "FLOPs"} {
		if v, ok := (Cost{FLOPs: 7}).Entry(name); v != 0 || ok {
			t.Errorf("%q is %v", name, v)
		}
	}
}

// Amounts add up; memory is needed again and again.
func TestPlus(t *testing.T) {
	a := Cost{Demonstrations: 1, Labels: 2, FLOPs: 6, Copies: 7, Bytes: 80, Seconds: 9}
	b := Cost{Demonstrations: 10, VerifierCalls: 30, FLOPs: 60, Copies: 70, Bytes: 8, Seconds: 90}
	want := Cost{Demonstrations: 11, Labels: 2, VerifierCalls: 30, FLOPs: 66, Copies: 70, Bytes: 80,
		Seconds: 99}
	if got := a.Plus(b); got != want || b.Plus(a) != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
