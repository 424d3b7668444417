package protocol

import (
	"encoding/json"
	"reflect"
	"testing"
)

// The ledger has every number of a Cost, in order and under its own name.
func TestLedgerIsTheCost(t *testing.T) {
	kind := reflect.TypeFor[Cost]()
	if len(Ledger) != kind.NumField() {
		t.Fatalf("the ledger has %d entries, a cost %d", len(Ledger), kind.NumField())
	}
	for i, e := range Ledger {
		var c Cost
		if err := json.Unmarshal([]byte(`{"`+e.Name+`":7}`), &c); err != nil || e.Of(c) != 7 {
			t.Errorf("%s is %v after 7 was read, %v", e.Name, e.Of(c), err)
		}
		if v, ok := c.Entry(e.Name); v != 7 || !ok {
			t.Errorf("%s is found as %v, %v", e.Name, v, ok)
		}
		if tag := kind.Field(i).Tag.Get("json"); tag != e.Name {
			t.Errorf("entry %d is %s, the cost has %s there", i, e.Name, tag)
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
	a := Cost{1, 2, 3, 4, 5, 6, 7, 80, 9}
	b := Cost{10, 20, 30, 40, 50, 60, 70, 8, 90}
	if got, want := a.Plus(b), (Cost{11, 22, 33, 44, 55, 66, 70, 80, 99}); got != want || b.Plus(a) != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
