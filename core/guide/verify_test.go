//go:build verify

package guide

import "testing"

// The numbers are those of docs/decisions/0035.
func TestVerifyCalibration(t *testing.T) {
	const worlds = 2000
	share := behind(t, worlds, [4]float64{0.7, 0.7, 0.7, 0.7}, -1)
	t.Logf("equal arms: one is behind another in %.3f of %d studies", share, worlds)
	if share > 0.05+0.02 { // four standard errors
		t.Errorf("in %.3f of all studies", share)
	}
	for _, d := range []float64{0.05, 0.1, 0.15, 0.2, 0.3} {
		share := behind(t, worlds/4, [4]float64{0.8, 0.8 - d, 0.8, 0.8}, 1)
		t.Logf("worse by %.2f: behind in %.3f of %d studies", d, share, worlds/4)
	}
}
