package main

import (
	"math"
	"strings"
	"testing"
)

func TestEnoughMemory(t *testing.T) {
	if err := enoughMemory("this", 1); err != nil {
		t.Error(err)
	}
	err := enoughMemory("the pretraining", math.MaxFloat64)
	if err == nil || !strings.Contains(err.Error(), "want a smaller dim, fewer layers") {
		t.Errorf("the error is %v", err)
	}
}
