package main

import (
	"strings"
	"testing"
)

func TestSettings(t *testing.T) {
	for given, want := range map[string]string{
		"lr=1":              "lr: 1",
		"lr=1,steps=3":      "lr: 1; steps: 3",
		"lr=0,001":          "lr: 0,001",
		"steps=3,lr=0,001":  "steps: 3; lr: 0,001",
		"base=cards,dim=96": "base: cards,dim=96",
		"lr=":               "lr: ",
		"lr=1,":             "lr: 1,",
		"lr":                "--set lr: want KNOB=VALUE",
		"":                  "--set : want KNOB=VALUE",
		"lr,steps=3":        "--set lr: want KNOB=VALUE",
	} {
		var have []string
		err := settings{given}.each(func(name, text string) error {
			have = append(have, name+": "+text)
			return nil
		})
		if err != nil {
			have = append(have, err.Error())
		}
		if strings.Join(have, "; ") != want {
			t.Errorf("%q: %q, want %q", given, have, want)
		}
	}
}
